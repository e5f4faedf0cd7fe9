// Batches and transactions: many items in one request.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { number, testTable, text, things, type TestTable } from "../testing.ts";

let table: TestTable;
beforeEach(async () => void (table = await testTable()));
afterEach(() => table.kernel.dispose());

const put = (pk: string, sk: number, rest: object = {}) =>
  table.run("PutItem", { Item: { pk: text(pk), sk: number(sk), ...rest } });
const fault = (point: string) => ({ point, kind: "error" as const, code: "Faulty", times: 1 });
const rows = (name: string) => table.kernel.store.all(`select * from ${name}`).length;

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

  test("leave items unprocessed by a fault rule", async () => {
    table.kernel.faults.set([fault("dynamodb:unprocessed")]);
    const write = (pk: string) => ({ PutRequest: { Item: { pk: text(pk), sk: number(1) } } });
    const { UnprocessedItems } = await table.kernel.call("dynamodb", "BatchWriteItem", {
      RequestItems: { things: [write("a"), write("b")] },
    });
    expect(UnprocessedItems).toEqual({ things: [write("a")] });
  });

  test("are rejected above 25 writes, 100 reads, or with an item twice", async () => {
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

  test("write nothing when one condition fails, and return which", async () => {
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

  test("reject the same item twice, and conflict by a fault rule", async () => {
    await expect(write([add(1), add(1)])).rejects.toThrow("cannot include multiple operations on one item");
    table.kernel.faults.set([fault("dynamodb:conflict")]);
    await expect(write([add(1), add(2)])).rejects.toThrow("[TransactionConflict, None]");
  });

  test("read many items at one point in time", async () => {
    await put("t", 1);
    const { Responses } = await table.kernel.call("dynamodb", "TransactGetItems", {
      TransactItems: [1, 2].map((sk) => ({ Get: { TableName, Key: key(sk) } })),
    });
    expect(Responses).toEqual([{ Item: key(1) }, {}]);
  });
});
