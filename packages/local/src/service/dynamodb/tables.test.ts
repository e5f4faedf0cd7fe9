// Tables from the graph and by the API, and the items that expire in them.
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
const rows = (name: string) => table.kernel.store.all(`select * from ${name}`).length;

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

  test("continues after a restart", async () => {
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

  test("of the graph exist at the start, and keep their items when an index is added", async () => {
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

  test("of the graph with an unsupported input fail the start by its name", async () => {
    await expect(start({ replicas: [{ regionName: "eu-west-1" }] })).rejects.toThrow(
      "replicas of DynamoDB's table Table",
    );
  });

  test("have different errors when missing and when created twice", async () => {
    await expect(table.run("GetItem", { TableName: "nope", Key: {} })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
    await expect(table.kernel.call("dynamodb", "CreateTable", things)).rejects.toMatchObject({
      code: "ResourceInUseException",
    });
  });

  test("are listed in pages and deleted with their items", async () => {
    await table.kernel.call("dynamodb", "CreateTable", { ...things, TableName: "another" });
    const list = (input: object) => table.kernel.call("dynamodb", "ListTables", input);
    expect(await list({ Limit: 1 })).toEqual({ TableNames: ["another"], LastEvaluatedTableName: "another" });
    expect((await list({ ExclusiveStartTableName: "another" })).TableNames).toEqual(["things"]);
    await put("a", 1, { kind: text("cat") });
    await table.run("DeleteTable");
    expect([rows("dynamodb_item"), rows("dynamodb_entry")]).toEqual([0, 0]);
  });

  test("with streams are rejected", async () => {
    const input = { ...things, TableName: "streamed", StreamSpecification: { StreamEnabled: true } };
    await expect(table.kernel.call("dynamodb", "CreateTable", input)).rejects.toThrow("DynamoDB Streams");
  });
});
