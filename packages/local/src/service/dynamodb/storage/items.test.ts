// Items, their keys and the index entries that go with them.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { number, testTable, text, type TestTable } from "../testing.ts";

let table: TestTable;
beforeEach(async () => void (table = await testTable()));
afterEach(() => table.kernel.dispose());

const put = (pk: string, sk: number, rest: object = {}) =>
  table.run("PutItem", { Item: { pk: text(pk), sk: number(sk), ...rest } });
const query = (KeyConditionExpression: string, values: object, more: object = {}) =>
  table.run("Query", { KeyConditionExpression, ExpressionAttributeValues: values, ...more });
const sorts = (answer: { Items: { sk: { N: string } }[] }) => answer.Items.map(({ sk }) => Number(sk.N));
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
  ])("an invalid item is rejected and not stored: %#", async (Item, message) => {
    await expect(table.run("PutItem", { Item })).rejects.toThrow(message);
    expect(rows("dynamodb_item")).toBe(0);
  });

  test("equal numbers are the same key", async () => {
    await put("a", 1, { v: text("kept") });
    const { Item } = await table.run("GetItem", { Key: { pk: text("a"), sk: number("1.00") } });
    expect(Item.v).toEqual(text("kept"));
  });

  test("legacy parameters and unknown members are rejected by name", async () => {
    await expect(table.run("Query", { KeyConditions: {} })).rejects.toThrow(
      "legacy parameter KeyConditions of DynamoDB's Query; use KeyConditionExpression",
    );
    await expect(put("a", 1).then(() => table.run("PutItem", { Item: {}, Surprise: 1 }))).rejects.toThrow(
      "Surprise of DynamoDB's PutItem",
    );
  });
});

describe("indexes", () => {
  test("an entry is added, moved and removed with its item", async () => {
    await put("a", 1, { kind: text("cat") });
    await put("a", 2);
    expect(sorts(await query("kind = :k", { ":k": text("cat") }, { IndexName: "byKind" }))).toEqual([1]);
    await put("a", 1, { kind: text("dog") });
    expect(sorts(await query("kind = :k", { ":k": text("cat") }, { IndexName: "byKind" }))).toEqual([]);
    expect(sorts(await query("kind = :k", { ":k": text("dog") }, { IndexName: "byKind" }))).toEqual([1]);
    await table.run("DeleteItem", { Key: { pk: text("a"), sk: number(1) } });
    expect(rows("dynamodb_entry")).toBe(0);
  });

  test("a global index returns its projection, a local one fetches other attributes on request", async () => {
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

  test("a new index contains the existing items", async () => {
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
