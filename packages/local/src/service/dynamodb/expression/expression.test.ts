// Tests valid and invalid expressions through UpdateItem and GetItem.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { number, testTable, text, type TestTable } from "../testing.ts";

let table: TestTable;
beforeAll(async () => void (table = await testTable()));
afterAll(() => table.kernel.dispose());

const Key = { pk: text("p"), sk: number(1) };
const stored = {
  ...Key,
  n: number(5),
  s: text("straße"),
  steps: { L: [number(1), text("b"), { M: { x: number(1) } }] },
  tree: { M: { a: number(1), deep: { M: { c: text("d") } } } },
  tags: { SS: ["a", "b"] },
  numbers: { NS: ["1", "2"] },
  flag: { BOOL: true },
  nothing: { NULL: true },
  packed: { B: new Uint8Array([1, 2, 255]) },
};
beforeEach(() => table.run("PutItem", { Item: stored }));

type Values = Record<string, unknown>;
const given = (values?: Values, names?: Record<string, string>) => ({
  ...(values && { ExpressionAttributeValues: values }),
  ...(names && { ExpressionAttributeNames: names }),
});
const check = (ConditionExpression: string, values?: Values, names?: Record<string, string>) =>
  table.run("UpdateItem", { Key, ConditionExpression, ...given(values, names) });
const update = async (UpdateExpression: string, values?: Values) =>
  (await table.run("UpdateItem", { Key, UpdateExpression, ReturnValues: "ALL_NEW", ...given(values) }))
    .Attributes;
const project = async (ProjectionExpression: string) =>
  (await table.run("GetItem", { Key, ProjectionExpression })).Item;

describe("a condition", () => {
  test.each<[string, Values?]>([
    ["n = :v", { ":v": number("5.00") }],
    ["n <> :v", { ":v": text("5") }],
    ["absent <> :v", { ":v": number(1) }],
    ["n BETWEEN :a AND :b", { ":a": number(5), ":b": number(9) }],
    ["n IN (:a, :b)", { ":a": number(1), ":b": number(5) }],
    ["n < :a and n > :b or n = :b", { ":a": number(10), ":b": number(4) }],
    ["NOT n = :v", { ":v": number(6) }],
    ["(n = :v)", { ":v": number(5) }],
    ["begins_with(s, :v)", { ":v": text("stra") }],
    ["contains(s, :v)", { ":v": text("ß") }],
    ["contains(tags, :v)", { ":v": text("a") }],
    ["contains(numbers, :v)", { ":v": number("2.0") }],
    ["contains(steps, :v)", { ":v": text("b") }],
    ["size(s) = :v", { ":v": number(7) }],
    ["size(tree) = :v", { ":v": number(2) }],
    ["size(steps) >= :v", { ":v": number(3) }],
    ["attribute_type(packed, :v)", { ":v": text("B") }],
    ["attribute_exists(tree.deep.c) AND attribute_not_exists(tree.nope)"],
    ["steps[2].x = :v", { ":v": number(1) }],
    ["tags = :v", { ":v": { SS: ["b", "a"] } }],
    ["packed > :v", { ":v": { B: new Uint8Array([1, 2, 3]) } }],
  ])("%s holds", async (expression, values) => {
    await expect(check(expression, values)).resolves.toBeDefined();
  });

  test.each<[string, Values?]>([
    ["n = :v", { ":v": text("5") }],
    ["absent = :v", { ":v": number(1) }],
    ["absent < :v", { ":v": number(1) }],
    ["n < :v", { ":v": text("6") }],
    ["begins_with(n, :v)", { ":v": text("5") }],
    ["size(n) = :v", { ":v": number(1) }],
    ["NOT NOT n = :v", { ":v": number(6) }],
    ["n > s"],
  ])("%s does not hold", async (expression, values) => {
    await expect(check(expression, values)).rejects.toThrow("The conditional request failed");
  });

  test("names such as __proto__ are ordinary attributes", async () => {
    await expect(check("attribute_exists(#c)", undefined, { "#c": "constructor" })).rejects.toThrow(
      "The conditional request failed",
    );
    await table.run("PutItem", { Item: { ...Key, ["__proto__"]: text("kept") } });
    await check("#p = :v", { ":v": text("kept") }, { "#p": "__proto__" });
  });
});

describe("an invalid condition is rejected", () => {
  const one = { ":v": number(1) };
  test.each<[string, Values | undefined, string]>([
    ["", undefined, "Invalid ConditionExpression: The expression can not be empty;"],
    ["n = :v OR", one, 'Syntax error; token: "<EOF>", near: "OR"'],
    ["n == :v", one, 'Syntax error; token: "=", near: "== :v"'],
    ["n ! :v", one, 'Syntax error; token: "!"'],
    ["n = :v)", one, 'Syntax error; token: ")"'],
    ["n = :v and and s = :v", one, 'Syntax error; token: "and", near: "and and s"'],
    ["n", undefined, 'Syntax error; token: "<EOF>"'],
    ["status = :v", one, "Attribute name is a reserved keyword; reserved keyword: status"],
    ["#n = :v", one, "document path is not defined; attribute name: #n"],
    ["n = :w", one, "used in expression is not defined; attribute value: :w"],
    ["n = :v", { ...one, ":w": number(1) }, "ExpressionAttributeValues unused in expressions: keys: {:w}"],
    ["n = :v", { ":v": {} }, "must contain exactly one of the supported datatypes for key :v"],
    ["n = :v", { v: number(1) }, 'contains invalid key: Syntax error; key: "v"'],
    ["((n = :v))", one, "The expression has redundant parentheses;"],
    ["n = n", undefined, "must be distinct from the remaining operands"],
    ["n IN (s, n)", undefined, "must be distinct from the remaining operands"],
    ["begins_with(size(s), :v)", { ":v": text("1") }, "function: begins_with, operand type: N"],
    ["foo(s)", undefined, "Invalid function name; function: foo"],
    ["list_append(s, n)", undefined, "not allowed in a condition expression; function: list_append"],
    ["size(s)", undefined, "not allowed to be used this way in an expression; function: size"],
    ["attribute_exists(s, n)", undefined, "function: attribute_exists, number of operands: 2"],
    ["attribute_exists(:v)", one, "requires a document path; operator or function: attribute_exists"],
    ["begins_with(s, :v)", one, "operator or function: begins_with, operand type: N"],
    ["n < :v", { ":v": { BOOL: true } }, "operator or function: <, operand type: BOOL"],
    ["n BETWEEN :a AND :b", { ":a": number(2), ":b": number(1) }, "upper bound to be greater than or equal"],
    ["attribute_type(s, :t)", { ":t": text("X") }, "Invalid attribute type name found; type: X"],
  ])("%s", async (expression, values, message) => {
    await expect(check(expression, values)).rejects.toThrow(message);
  });
});

describe("an update", () => {
  test("reads every operand from the item before the update", async () => {
    const values = { ":v": number(1) };
    expect(await update("SET n = n + :v, former = n, fresh = if_not_exists(nope, :v)", values)).toMatchObject(
      {
        n: number(6),
        former: number(5),
        fresh: number(1),
      },
    );
  });

  test("appends values beyond a list's end, and removes by the old positions", async () => {
    const values = { ":v": text("new"), ":w": text("newer") };
    const { steps } = await update("SET steps[9] = :w, steps[5] = :v REMOVE steps[0], steps[1]", values);
    expect(steps).toEqual({ L: [{ M: { x: number(1) } }, text("new"), text("newer")] });
  });

  test("updates nested maps and appends to lists", async () => {
    const item = await update("SET tree.deep.c = :v, steps = list_append(:l, steps)", {
      ":v": number(2),
      ":l": { L: [text("first")] },
    });
    expect(item.tree.M.deep.M).toEqual({ c: number(2) });
    expect(item.steps.L[0]).toEqual(text("first"));
  });

  test("adds to numbers and sets, and removes a set that becomes empty", async () => {
    const item = await update("ADD n :n, tags :t, tally :n DELETE numbers :all", {
      ":n": number("0.5"),
      ":t": { SS: ["b", "c"] },
      ":all": { NS: ["2.0", "1", "7"] },
    });
    expect(item).toMatchObject({ n: number("5.5"), tags: { SS: ["a", "b", "c"] }, tally: number("0.5") });
    expect(item.numbers).toBeUndefined();
  });

  test.each<[string, Values | undefined, string]>([
    ["SET pk = :v", { ":v": text("x") }, "Cannot update attribute pk. This attribute is part of the key"],
    ["SET n = nope", undefined, "refers to an attribute that does not exist in the item"],
    ["SET nope.x = :v", { ":v": number(1) }, "document path provided in the update expression is invalid"],
    [
      "DELETE nope.x :v",
      { ":v": { SS: ["a"] } },
      "document path provided in the update expression is invalid",
    ],
    ["SET n = s + :v", { ":v": number(1) }, "An operand in the update expression has an incorrect data type"],
    ["ADD s :v", { ":v": number(1) }, "An operand in the update expression has an incorrect data type"],
    [
      "ADD n :v",
      { ":v": text("x") },
      "operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
    ],
    ["SET tree = :v, tree.a = :v", { ":v": number(1) }, "path one: [tree], path two: [tree, a]"],
    ["SET n = :v SET s = :v", { ":v": number(1) }, 'The "SET" section can only be used once'],
    ["FOO n = :v", { ":v": number(1) }, 'Syntax error; token: "FOO"'],
    ["SET n = size(s)", undefined, "not allowed in an update expression; function: size"],
    ["SET kind = :v", { ":v": number(1) }, "Type mismatch for Index Key kind Expected: S Actual: N"],
    ["SET big = :v", { ":v": text("x".repeat(410_000)) }, "Item size to update has exceeded"],
  ])("is rejected: %s", async (expression, values, message) => {
    await expect(update(expression, values)).rejects.toThrow(message);
    expect((await table.run("GetItem", { Key })).Item).toEqual(stored);
  });

  test("returns the requested values", async () => {
    const answer = async (ReturnValues: string) => {
      await table.run("PutItem", { Item: stored });
      const input = {
        Key,
        UpdateExpression: "SET tree.a = :v REMOVE s",
        ExpressionAttributeValues: { ":v": number(2) },
      };
      return (await table.run("UpdateItem", { ...input, ReturnValues })).Attributes;
    };
    expect(await answer("NONE")).toBeUndefined();
    expect(await answer("ALL_OLD")).toEqual(stored);
    expect(await answer("UPDATED_OLD")).toEqual({ tree: { M: { a: number(1) } }, s: stored.s });
    expect(await answer("UPDATED_NEW")).toEqual({ tree: { M: { a: number(2) } } });
    const { s: _, ...rest } = stored;
    expect(await answer("ALL_NEW")).toMatchObject({ ...rest, tree: { M: { a: number(2) } } });
  });
});

describe("a projection", () => {
  test("returns nested parts, and closes gaps in lists", async () => {
    expect(await project("n, steps[2].x, steps[0], tree.deep")).toEqual({
      n: number(5),
      steps: { L: [number(1), { M: { x: number(1) } }] },
      tree: { M: { deep: { M: { c: text("d") } } } },
    });
    expect(await project("nope, tree.nope, steps[99]")).toEqual({});
  });

  test.each([
    ["n, n", "paths overlap with each other"],
    ["steps[0], steps.a", "paths conflict with each other"],
    ["steps[a]", 'Syntax error; token: "a"'],
    ["name", "reserved keyword: name"],
    ["n,", 'Syntax error; token: "<EOF>"'],
    ["_x", 'Syntax error; token: "_"'],
  ])("is rejected: %s", async (expression, message) => {
    await expect(project(expression)).rejects.toThrow(message);
  });
});
