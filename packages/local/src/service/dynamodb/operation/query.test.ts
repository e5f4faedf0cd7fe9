// What Query and Scan read, and in which pages.
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
  ])("a query reads its range in order: %s", async (expression, values, expected) => {
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
  ])("an invalid key condition is rejected: %s", async (expression, message) => {
    await expect(query(expression, { ":p": text("a") })).rejects.toThrow(message);
  });

  test.each([
    ["the table", {}],
    ["an index", { IndexName: "byKind" }],
    ["the table backwards", { ScanIndexForward: false }],
    ["an index backwards", { IndexName: "byKind", ScanIndexForward: false }],
  ])("following LastEvaluatedKey reads %s once, completely and in order", async (_, more: any) => {
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

  test("a filter counts the items it drops, and rejects keys", async () => {
    const values = { ":p": text("a"), ":n": number(2) };
    const page = await query("pk = :p", values, { FilterExpression: "n > :n", Limit: 6 });
    expect(page).toMatchObject({ Count: 1, ScannedCount: 6, LastEvaluatedKey: { sk: number(10) } });
    await expect(query("pk = :p", values, { FilterExpression: "sk > :n" })).rejects.toThrow(
      "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
    );
  });

  test("a page has at most 1 MB", async () => {
    const big = { x: text("x".repeat(300_000)) };
    for (const sk of [1, 2, 3, 4, 5]) await put("big", sk, big);
    const first = await query("pk = :p", { ":p": text("big") });
    expect(sorts(first)).toEqual([1, 2, 3]);
    const ExclusiveStartKey = first.LastEvaluatedKey;
    expect(sorts(await query("pk = :p", { ":p": text("big") }, { ExclusiveStartKey }))).toEqual([4, 5]);
  });

  test("each item is in exactly one scan segment", async () => {
    for (let i = 0; i < 100; i++) await put(`p${i}`, 1);
    const pages = await Promise.all(
      [0, 1, 2, 3].map((Segment) => table.run("Scan", { Segment, TotalSegments: 4 })),
    );
    const keys = pages.flatMap(({ Items }) => Items.map((item: any) => `${item.pk.S} ${item.sk.N}`));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBe(100 + order.length + 1);
    expect(pages.every(({ Count }) => Count > 0)).toBe(true);
  });

  test("a start key of another query is rejected", async () => {
    const from = (ExclusiveStartKey: object) =>
      query("pk = :p AND sk > :s", { ":p": text("a"), ":s": number(0) }, { ExclusiveStartKey });
    await expect(from({ pk: text("b"), sk: number(1) })).rejects.toThrow("outside query boundaries");
    await expect(from({ pk: text("a"), sk: number(-1) })).rejects.toThrow("range key predicate");
    await expect(from({ pk: text("a") })).rejects.toThrow("The provided starting key is invalid");
  });
});
