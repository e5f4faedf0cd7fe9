// What the service promises beyond expressions: keys, indexes, pages, batches, transactions, expiry, restarts.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testKernel } from "../../kernel/testing.ts";
import { dynamodb } from "./plugin.ts";
import { number, testTable, text, things, type TestTable } from "./testing.ts";

let table: TestTable;
beforeEach(async () => void (table = await testTable()));
afterEach(() => table.kernel.dispose());

const put = (pk: string, sk: number, rest: object = {}) =>
  table.run("PutItem", { Item: { pk: text(pk), sk: number(sk), ...rest } });
const query = (KeyConditionExpression: string, values: object, more: object = {}) =>
  table.run("Query", { KeyConditionExpression, ExpressionAttributeValues: values, ...more });
const sorts = (answer: { Items: { sk: { N: string } }[] }) => answer.Items.map(({ sk }) => Number(sk.N));
const fault = (point: string) => ({ point, kind: "error" as const, code: "Faulty", times: 1 });
const rows = (name: string) => table.kernel.store.all(`select * from ${name}`).length;

describe("keys", () => {
  test.each([
    [{ sk: number(1) }, "Missing the key pk in the item"],
    [{ pk: text(""), sk: number(1) }, "cannot contain an empty string value. Key: pk"],
    [{ pk: number(1), sk: number(1) }, "Type mismatch for key pk expected: S actual: N"],
    [{ pk: text("a"), sk: number(1), kind: text("") }, "IndexName: byKind, IndexKey: kind"],
    [
      { pk: text("a"), sk: number(1), kind: number(1) },
      "Type mismatch for Index Key kind Expected: S Actual: N",
    ],
    [{ pk: text("x".repeat(2049)), sk: number(1) }, "Size of hashkey has exceeded the maximum size limit"],
    [{ pk: text("a"), sk: number(1), x: text("x".repeat(410_000)) }, "Item size has exceeded the maximum"],
  ])("a wrong item is refused and not kept: %#", async (Item, message) => {
    await expect(table.run("PutItem", { Item })).rejects.toThrow(message);
    expect(rows("dynamodb_item")).toBe(0);
  });

  test("a number key has one identity however it is written", async () => {
    await put("a", 1, { v: text("kept") });
    const { Item } = await table.run("GetItem", { Key: { pk: text("a"), sk: number("1.00") } });
    expect(Item.v).toEqual(text("kept"));
  });

  test("legacy parameters and unknown members are refused by name", async () => {
    await expect(table.run("Query", { KeyConditions: {} })).rejects.toThrow(
      "legacy parameter KeyConditions of dynamodb:Query; use KeyConditionExpression",
    );
    await expect(put("a", 1).then(() => table.run("PutItem", { Item: {}, Surprise: 1 }))).rejects.toThrow(
      "Surprise of dynamodb:PutItem",
    );
  });
});

describe("indexes", () => {
  test("an entry comes, moves and goes with its item", async () => {
    await put("a", 1, { kind: text("cat") });
    await put("a", 2);
    expect(sorts(await query("kind = :k", { ":k": text("cat") }, { IndexName: "byKind" }))).toEqual([1]);
    await put("a", 1, { kind: text("dog") });
    expect(sorts(await query("kind = :k", { ":k": text("cat") }, { IndexName: "byKind" }))).toEqual([]);
    expect(sorts(await query("kind = :k", { ":k": text("dog") }, { IndexName: "byKind" }))).toEqual([1]);
    await table.run("DeleteItem", { Key: { pk: text("a"), sk: number(1) } });
    expect(rows("dynamodb_entry")).toBe(0);
  });

  test("a global one shows what it projects, a local one fetches the rest when asked", async () => {
    await put("a", 1, { kind: text("cat"), title: text("t1"), size: number(3), note: text("o") });
    const keys = await query("kind = :k", { ":k": text("cat") }, { IndexName: "kindKeys" });
    expect(keys.Items).toEqual([{ kind: text("cat"), pk: text("a"), sk: number(1) }]);
    await expect(
      query("kind = :k", { ":k": text("cat") }, { IndexName: "kindKeys", ProjectionExpression: "note" }),
    ).rejects.toThrow("Global secondary index kindKeys does not project [note]");
    const local = { ":p": text("a"), ":t": text("t") };
    const byTitle = (more: object) =>
      query("pk = :p AND begins_with(title, :t)", local, { IndexName: "byTitle", ...more });
    expect((await byTitle({})).Items[0].note).toBeUndefined();
    expect((await byTitle({ ProjectionExpression: "note" })).Items).toEqual([{ note: text("o") }]);
  });

  test("one added later holds the items that were there", async () => {
    await put("a", 1, { colour: text("red") });
    await put("a", 2);
    await table.run("UpdateTable", {
      AttributeDefinitions: [{ AttributeName: "colour", AttributeType: "S" }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: "byColour",
            KeySchema: [{ AttributeName: "colour", KeyType: "HASH" }],
            Projection: { ProjectionType: "ALL" },
          },
        },
      ],
    });
    const red = await query("colour = :c", { ":c": text("red") }, { IndexName: "byColour" });
    expect(sorts(red)).toEqual([1]);
  });
});

describe("pages", () => {
  const order = [-10.5, -1, 0, 0.25, 2, 10, 1000];
  beforeEach(async () => {
    for (const sk of order.toReversed()) await put("a", sk, { kind: text("cat"), n: number(sk) });
    await put("b", 1);
  });

  test.each<[string, Record<string, unknown>, number[]]>([
    ["pk = :p", {}, order],
    ["pk = :p AND sk = :a", { ":a": number(2) }, [2]],
    ["pk = :p AND sk < :a", { ":a": number(0) }, [-10.5, -1]],
    ["pk = :p AND sk >= :a", { ":a": number(2) }, [2, 10, 1000]],
    ["pk = :p AND sk BETWEEN :a AND :b", { ":a": number(-1), ":b": number(2) }, [-1, 0, 0.25, 2]],
    [":a > sk AND pk = :p", { ":a": number(0) }, [-10.5, -1]],
  ])("a query reads its stretch in order: %s", async (expression, values, expected) => {
    const all = { ":p": text("a"), ...values };
    expect(sorts(await query(expression, all))).toEqual(expected);
    expect(sorts(await query(expression, all, { ScanIndexForward: false }))).toEqual(expected.toReversed());
  });

  test.each([
    ["sk = :p", "Query condition missed key schema element: pk"],
    ["pk > :p", "Query key condition not supported"],
    ["pk = :p OR sk = :p", "Invalid operator used in KeyConditionExpression: OR"],
    ["pk = :p AND pk = :p", "KeyConditionExpressions must only contain one condition per key"],
    ["pk = :p AND sk = :p", "Condition parameter type does not match schema type"],
  ])("a wrong key condition is refused: %s", async (expression, message) => {
    await expect(query(expression, { ":p": text("a") })).rejects.toThrow(message);
  });

  test.each([
    ["the table", {}],
    ["an index", { IndexName: "byKind" }],
    ["the table backwards", { ScanIndexForward: false }],
    ["an index backwards", { IndexName: "byKind", ScanIndexForward: false }],
  ])("following LastEvaluatedKey reads %s once, whole and in order", async (_, more: any) => {
    const [expression, values] = more.IndexName
      ? ["kind = :v", { ":v": text("cat") }]
      : ["pk = :v", { ":v": text("a") }];
    const seen: number[] = [];
    let ExclusiveStartKey: unknown;
    do {
      const page = await query(expression, values, { ...more, Limit: 2, ExclusiveStartKey });
      seen.push(...sorts(page));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    expect(seen).toEqual(more.ScanIndexForward === false ? order.toReversed() : order);
  });

  test("a filter counts what it drops, and never touches keys", async () => {
    const values = { ":p": text("a"), ":n": number(2) };
    const page = await query("pk = :p", values, { FilterExpression: "n > :n", Limit: 6 });
    expect(page).toMatchObject({ Count: 1, ScannedCount: 6, LastEvaluatedKey: { sk: number(10) } });
    await expect(query("pk = :p", values, { FilterExpression: "sk > :n" })).rejects.toThrow(
      "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
    );
  });

  test("a page holds 1 MB", async () => {
    const big = { x: text("x".repeat(300_000)) };
    for (const sk of [1, 2, 3, 4, 5]) await put("big", sk, big);
    const first = await query("pk = :p", { ":p": text("big") });
    expect(sorts(first)).toEqual([1, 2, 3]);
    const ExclusiveStartKey = first.LastEvaluatedKey;
    expect(sorts(await query("pk = :p", { ":p": text("big") }, { ExclusiveStartKey }))).toEqual([4, 5]);
  });

  test("scan segments share the items out, each to one", async () => {
    for (let i = 0; i < 100; i++) await put(`p${i}`, 1);
    const pages = await Promise.all(
      [0, 1, 2, 3].map((Segment) => table.run("Scan", { Segment, TotalSegments: 4 })),
    );
    const keys = pages.flatMap(({ Items }) => Items.map((item: any) => `${item.pk.S} ${item.sk.N}`));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBe(100 + order.length + 1);
    expect(pages.every(({ Count }) => Count > 0)).toBe(true);
  });

  test("a start key from elsewhere is refused", async () => {
    const from = (ExclusiveStartKey: object) =>
      query("pk = :p AND sk > :s", { ":p": text("a"), ":s": number(0) }, { ExclusiveStartKey });
    await expect(from({ pk: text("b"), sk: number(1) })).rejects.toThrow("outside query boundaries");
    await expect(from({ pk: text("a"), sk: number(-1) })).rejects.toThrow("range key predicate");
    await expect(from({ pk: text("a") })).rejects.toThrow("The provided starting key is invalid");
  });
});

describe("batches", () => {
  test("write and read many items of a table", async () => {
    await put("gone", 1);
    await table.kernel.call("dynamodb", "BatchWriteItem", {
      RequestItems: {
        things: [
          { PutRequest: { Item: { pk: text("a"), sk: number(1) } } },
          { DeleteRequest: { Key: { pk: text("gone"), sk: number(1) } } },
        ],
      },
    });
    const Keys = ["a", "gone"].map((pk) => ({ pk: text(pk), sk: number(1) }));
    const got = await table.kernel.call("dynamodb", "BatchGetItem", { RequestItems: { things: { Keys } } });
    expect(got).toMatchObject({ Responses: { things: [{ pk: text("a") }] }, UnprocessedKeys: {} });
  });

  test("leave items unprocessed when the fault plan says so", async () => {
    table.kernel.faults.set([fault("dynamodb:unprocessed")]);
    const write = (pk: string) => ({ PutRequest: { Item: { pk: text(pk), sk: number(1) } } });
    const { UnprocessedItems } = await table.kernel.call("dynamodb", "BatchWriteItem", {
      RequestItems: { things: [write("a"), write("b")] },
    });
    expect(UnprocessedItems).toEqual({ things: [write("a")] });
  });

  test("are refused beyond 25 writes, 100 reads, or with an item twice", async () => {
    const key = (sk: number) => ({ pk: text("a"), sk: number(sk) });
    const many = (count: number) => Array.from({ length: count }, (_, i) => key(i));
    const write = (keys: object[]) =>
      table.kernel.call("dynamodb", "BatchWriteItem", {
        RequestItems: { things: keys.map((Item) => ({ PutRequest: { Item } })) },
      });
    await expect(write(many(26))).rejects.toThrow("Too many items requested for the BatchWriteItem call");
    await expect(write([key(1), key(1)])).rejects.toThrow("Provided list of item keys contains duplicates");
    const read = table.kernel.call("dynamodb", "BatchGetItem", {
      RequestItems: { things: { Keys: many(101) } },
    });
    await expect(read).rejects.toThrow("Too many items requested for the BatchGetItem call");
  });
});

describe("transactions", () => {
  const key = (sk: number) => ({ pk: text("t"), sk: number(sk) });
  const write = (TransactItems: object[], more: object = {}) =>
    table.kernel.call("dynamodb", "TransactWriteItems", { TransactItems, ...more });
  const TableName = things.TableName;
  const add = (sk: number) => ({
    Update: {
      TableName,
      Key: key(sk),
      UpdateExpression: "ADD n :one",
      ExpressionAttributeValues: { ":one": number(1) },
    },
  });

  test("do nothing when one condition fails, and say which", async () => {
    await put("t", 2, { n: number(7) });
    const failing = {
      Delete: {
        TableName,
        Key: key(2),
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    };
    const error: any = await write([add(1), failing]).catch((error: unknown) => error);
    expect(error.message).toMatch(
      /^Transaction cancelled, .* specific reasons \[None, ConditionalCheckFailed\]$/,
    );
    expect(error.fields.CancellationReasons).toEqual([
      { Code: "None" },
      {
        Code: "ConditionalCheckFailed",
        Message: "The conditional request failed",
        Item: { ...key(2), n: number(7) },
      },
    ]);
    expect(rows("dynamodb_item")).toBe(1);
  });

  test("write once for one ClientRequestToken, for ten minutes", async () => {
    const again = () => write([add(1)], { ClientRequestToken: "token" });
    await again();
    await again();
    const count = async () => (await table.run("GetItem", { Key: key(1) })).Item.n.N;
    expect(await count()).toBe("1");
    await expect(write([add(2)], { ClientRequestToken: "token" })).rejects.toThrow(
      "Request parameters do not match",
    );
    await table.kernel.clock.advance(10 * 60_000);
    await again();
    expect(await count()).toBe("2");
  });

  test("refuse the same item twice, and conflict when the fault plan says so", async () => {
    await expect(write([add(1), add(1)])).rejects.toThrow("cannot include multiple operations on one item");
    table.kernel.faults.set([fault("dynamodb:conflict")]);
    await expect(write([add(1), add(2)])).rejects.toThrow("[TransactionConflict, None]");
  });

  test("read many items at one moment", async () => {
    await put("t", 1);
    const { Responses } = await table.kernel.call("dynamodb", "TransactGetItems", {
      TransactItems: [1, 2].map((sk) => ({ Get: { TableName, Key: key(sk) } })),
    });
    expect(Responses).toEqual([{ Item: key(1) }, {}]);
  });
});

describe("time to live", () => {
  test("deletes an expired item and its index entries, and no other", async () => {
    await put("a", 0, { expires: number(Date.UTC(2026, 0, 1) / 1000 + 1800), kind: text("early") });
    await table.run("UpdateTimeToLive", {
      TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
    });
    const hour = Math.floor(table.kernel.clock.now() / 1000) + 3600;
    await put("a", 1, { expires: number(hour), kind: text("cat") });
    await put("a", 2, { expires: number(hour * 2) });
    await put("a", 3, { expires: text("never") });
    await put("a", 4, { expires: number(1) });
    await table.kernel.clock.advance(3600_000);
    expect(sorts(await query("pk = :p", { ":p": text("a") }))).toEqual([1, 2, 3, 4]);
    await table.kernel.clock.advance(60_000);
    expect(sorts(await query("pk = :p", { ":p": text("a") }))).toEqual([2, 3, 4]);
    expect(rows("dynamodb_entry")).toBe(0);
  });

  test("goes on after a restart", async () => {
    await table.run("UpdateTimeToLive", {
      TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
    });
    await put("a", 1, { expires: number(Math.floor(table.kernel.clock.now() / 1000) + 60) });
    table.kernel = await table.kernel.restart();
    await table.kernel.clock.advance(121_000);
    expect(rows("dynamodb_item")).toBe(0);
  });
});

describe("tables", () => {
  const resource = (inputs: object = {}) => ({
    name: "Table",
    type: "aws:dynamodb/table:Table",
    inputs: {
      name: "app-local-Table",
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      rangeKey: "sk",
      attributes: ["pk", "sk", "gsi1pk"].map((name) => ({ name, type: "S" })),
      globalSecondaryIndexes: [{ name: "gsi1", hashKey: "gsi1pk", projectionType: "ALL" }],
      ttl: { attributeName: "expires", enabled: true },
      pointInTimeRecovery: { enabled: true },
      ...inputs,
    },
  });
  const start = (inputs: object, dir?: string) =>
    testKernel({ plugins: [dynamodb], graph: { resources: [resource(inputs)] }, ...(dir && { dir }) });

  test("of the graph are there at the start, and keep their items when an index is added", async () => {
    const first = await start({});
    const TableName = "app-local-Table";
    const Item = { pk: text("a"), sk: text("b"), gsi1pk: text("g"), gsi2pk: text("h") };
    await first.call("dynamodb", "PutItem", { TableName, Item });
    const { Table } = await first.call("dynamodb", "DescribeTable", { TableName });
    expect(Table).toMatchObject({
      TableStatus: "ACTIVE",
      ItemCount: 1,
      TableArn: "arn:aws:dynamodb:us-east-1:000000000000:table/app-local-Table",
      GlobalSecondaryIndexes: [{ IndexName: "gsi1", IndexStatus: "ACTIVE" }],
    });
    const ttl = await first.call("dynamodb", "DescribeTimeToLive", { TableName });
    expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "expires" });
    const dir = first.dir("").replace(/\/$/, "");
    await first.stop();
    const second = await start(
      {
        attributes: ["pk", "sk", "gsi2pk"].map((name) => ({ name, type: "S" })),
        globalSecondaryIndexes: [{ name: "gsi2", hashKey: "gsi2pk", projectionType: "ALL" }],
      },
      dir,
    );
    const found = await second.call("dynamodb", "Query", {
      TableName,
      IndexName: "gsi2",
      KeyConditionExpression: "gsi2pk = :h",
      ExpressionAttributeValues: { ":h": text("h") },
    });
    expect(found.Items).toEqual([Item]);
    await second.dispose();
  });

  test("missing ones and ones made twice are told apart", async () => {
    await expect(table.run("GetItem", { TableName: "nope", Key: {} })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
    await expect(table.kernel.call("dynamodb", "CreateTable", things)).rejects.toMatchObject({
      code: "ResourceInUseException",
    });
  });

  test("are listed in pages and gone with their items when deleted", async () => {
    await table.kernel.call("dynamodb", "CreateTable", { ...things, TableName: "another" });
    const list = (input: object) => table.kernel.call("dynamodb", "ListTables", input);
    expect(await list({ Limit: 1 })).toEqual({ TableNames: ["another"], LastEvaluatedTableName: "another" });
    expect((await list({ ExclusiveStartTableName: "another" })).TableNames).toEqual(["things"]);
    await put("a", 1, { kind: text("cat") });
    await table.run("DeleteTable");
    expect([rows("dynamodb_item"), rows("dynamodb_entry")]).toEqual([0, 0]);
  });

  test("that ask for streams are refused loudly", async () => {
    const input = { ...things, TableName: "streamed", StreamSpecification: { StreamEnabled: true } };
    await expect(table.kernel.call("dynamodb", "CreateTable", input)).rejects.toThrow("DynamoDB Streams");
  });
});
