// After any sequence of writes, table, index and pages have the items of a naive model.
import fc from "fast-check";
import { expect, test } from "vitest";
import { number, testTable, text, type TestTable } from "./testing.ts";

type Thing = Record<string, { S?: string; N?: string }>;
type Model = Map<string, Thing>;

interface Step {
  operation: "PutItem" | "DeleteItem" | "UpdateItem" | "TransactWriteItems";
  pk: string;
  sk: number;
  kind: string | undefined;
  amount: number;
  onlyIf: "exists" | "missing" | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  operation: fc.constantFrom("PutItem", "DeleteItem", "UpdateItem", "TransactWriteItems"),
  pk: fc.constantFrom("a", "b", "ab"),
  sk: fc.constantFrom(-10, -1.5, 0, 0.001, 7, 1e20),
  kind: fc.constantFrom("cat", "dog", undefined),
  amount: fc.integer({ min: -5, max: 5 }),
  onlyIf: fc.constantFrom("exists", "missing", undefined),
});

const identity = ({ pk, sk }: Pick<Step, "pk" | "sk">) => `${pk} ${sk}`;
const plain = (value: number) => number(value === 1e20 ? "1".padEnd(21, "0") : value);
const keyOf = ({ pk, sk }: Pick<Step, "pk" | "sk">) => ({ pk: text(pk), sk: plain(sk) });

/** The expected result, computed without the service. */
function expected(model: Model, step: Step): "refused" | "done" {
  const id = identity(step);
  const before = model.get(id);
  if (step.onlyIf && (before !== undefined) !== (step.onlyIf === "exists")) return "refused";
  const kind: Thing = step.kind === undefined ? {} : { kind: text(step.kind) };
  if (step.operation === "DeleteItem") model.delete(id);
  else if (step.operation === "PutItem") model.set(id, { ...keyOf(step), ...kind });
  else {
    const total = Number(before?.tally?.N ?? 0) + step.amount;
    const { kind: _, ...rest }: Thing = before ?? keyOf(step);
    model.set(id, { ...rest, ...kind, tally: number(total) });
  }
  return "done";
}

async function perform(table: TestTable, step: Step): Promise<"refused" | "done"> {
  const { operation, kind, amount, onlyIf } = step;
  const ConditionExpression = onlyIf && `attribute_${onlyIf === "exists" ? "" : "not_"}exists(pk)`;
  const update = {
    Key: keyOf(step),
    ConditionExpression,
    UpdateExpression: `ADD tally :n ${kind === undefined ? "REMOVE kind" : "SET kind = :k"}`,
    ExpressionAttributeValues: { ":n": number(amount), ...(kind !== undefined && { ":k": text(kind) }) },
  };
  const inputs = {
    PutItem: {
      ConditionExpression,
      Item: { ...keyOf(step), ...(kind !== undefined && { kind: text(kind) }) },
    },
    DeleteItem: { ConditionExpression, Key: keyOf(step) },
    UpdateItem: update,
    TransactWriteItems: {
      TableName: undefined,
      TransactItems: [
        { Update: { TableName: "things", ...update } },
        { Put: { TableName: "things", Item: { pk: text("beside"), sk: number(0), last: plain(step.sk) } } },
      ],
    },
  };
  try {
    await table.run(operation, inputs[operation]);
    return "done";
  } catch (error) {
    expect((error as Error).name).toMatch(/^(ConditionalCheckFailed|TransactionCanceled)Exception$/);
    return "refused";
  }
}

async function readPaged(table: TestTable, name: string, value: string, more: object, Limit: number) {
  const items: Thing[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const page: any = await table.run("Query", {
      ...more,
      Limit,
      ExclusiveStartKey,
      KeyConditionExpression: `${name} = :v`,
      ExpressionAttributeValues: { ":v": text(value) },
    });
    items.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
}

const bySort = (a: Thing, b: Thing) =>
  Number(a.sk!.N) - Number(b.sk!.N) || (identityOf(a) < identityOf(b) ? -1 : 1);
const identityOf = (item: Thing) => `${item.pk!.S} ${item.sk!.N}`;
const inAnyOrder = (items: Thing[]) => items.toSorted(bySort);

test("tables, indexes and pages agree with a naive model after any writes", async () => {
  const table = await testTable();
  const clear = async () => {
    const { Items } = await table.run("Scan");
    for (const { pk, sk } of Items) await table.run("DeleteItem", { Key: { pk, sk } });
  };
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 25 }),
    fc.integer({ min: 1, max: 4 }),
    async (steps, limit) => {
      await clear();
      const model: Model = new Map();
      for (const next of steps) {
        const outcome = expected(model, next);
        expect(await perform(table, next)).toBe(outcome);
        if (next.operation === "TransactWriteItems" && outcome === "done") {
          model.set("beside 0", { pk: text("beside"), sk: number(0), last: plain(next.sk) });
        }
      }
      const all = [...model.values()];
      expect(inAnyOrder((await table.run("Scan")).Items)).toEqual(inAnyOrder(all));
      for (const pk of ["a", "b", "ab"]) {
        const mine = all.filter((item) => item.pk!.S === pk).toSorted(bySort);
        expect(await readPaged(table, "pk", pk, {}, limit)).toEqual(mine);
        const backwards = await readPaged(table, "pk", pk, { ScanIndexForward: false }, limit);
        expect(backwards).toEqual(mine.toReversed());
      }
      for (const kind of ["cat", "dog"]) {
        const mine = all.filter((item) => item.kind?.S === kind);
        const found = await readPaged(table, "kind", kind, { IndexName: "byKind" }, limit);
        expect(found.map(({ sk }) => Number(sk!.N))).toEqual(
          mine.map(({ sk }) => Number(sk!.N)).toSorted((a, b) => a - b),
        );
        expect(inAnyOrder(found)).toEqual(inAnyOrder(mine));
      }
    },
  );
  await fc.assert(property, { seed: 7, numRuns: 60 });
  await table.kernel.dispose();
});
