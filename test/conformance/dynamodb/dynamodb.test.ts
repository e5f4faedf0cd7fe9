// What every client sees of a table.
import {
  DynamoDBClient,
  GetItemCommand,
  paginateScan,
  PutItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { testCloud, type TestCloud } from "@sluice/local/kernel/testing-cloud.ts";
import { dynamodb } from "@sluice/local/service/dynamodb/plugin.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { absence, CLIENTS, openClient, type Client } from "../clients.ts";

const TableName = "things";
const definition = {
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" as const },
    { AttributeName: "sk", AttributeType: "N" as const },
    { AttributeName: "kind", AttributeType: "S" as const },
  ],
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" as const },
    { AttributeName: "sk", KeyType: "RANGE" as const },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "byKind",
      KeySchema: [
        { AttributeName: "kind", KeyType: "HASH" as const },
        { AttributeName: "sk", KeyType: "RANGE" as const },
      ],
      Projection: { ProjectionType: "ALL" as const },
    },
  ],
};
const key = (sk: number | string) => ({ pk: { S: "ключ/ä b" }, sk: { N: String(sk) } });

describe.each(CLIENTS.map((name) => ({ name, skipped: absence(name) })))(
  "DynamoDB by $name",
  ({ name, skipped }) => {
    let cloud: TestCloud;
    let client: Client;
    const call = (operation: string, input: object = {}) => client.call(operation, { TableName, ...input });

    beforeAll(async () => {
      if (skipped) return;
      cloud = await testCloud({ plugins: [dynamodb] });
      client = openClient(name, "dynamodb", cloud);
      await call("CreateTable", definition);
    });
    afterAll(async () => {
      client?.close();
      await cloud?.dispose();
    });

    test.skipIf(skipped)("a table is described with the settings of its creation", async () => {
      const { Table } = await call("DescribeTable");
      expect(Table).toMatchObject({
        TableName,
        TableStatus: "ACTIVE",
        KeySchema: definition.KeySchema,
        BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
        GlobalSecondaryIndexes: [{ IndexName: "byKind", IndexStatus: "ACTIVE" }],
      });
      expect((await client.call("ListTables", {})).TableNames).toEqual([TableName]);
    });

    test.skipIf(skipped)("an item with every type is read as it was written", async () => {
      const Item = {
        ...key("12345678901234567890.125"),
        kind: { S: "" + '🙂 <&> "quoted"' },
        yes: { BOOL: true },
        none: { NULL: true },
        words: { SS: ["a", "b"] },
        counts: { NS: ["1", "-2.5"] },
        steps: { L: [{ S: "" }, { L: [] }, { M: {} }] },
        nested: { M: { deep: { M: { n: { N: "0.000000000000000000001" } } } } },
      };
      await call("PutItem", { Item });
      expect((await call("GetItem", { Key: key("12345678901234567890.125") })).Item).toEqual(Item);
      await call("DeleteItem", { Key: key("12345678901234567890.125") });
    });

    test.skipIf(skipped)(
      "an update returns the new values, and a failed condition has its error code",
      async () => {
        const update = {
          Key: key(1),
          UpdateExpression: "SET #n = if_not_exists(#n, :zero) + :one, kind = :k",
          ConditionExpression: "attribute_not_exists(pk)",
          ExpressionAttributeNames: { "#n": "count" },
          ExpressionAttributeValues: { ":zero": { N: "0" }, ":one": { N: "1" }, ":k": { S: "cat" } },
          ReturnValues: "UPDATED_NEW",
        };
        const { Attributes } = await call("UpdateItem", update);
        expect(Attributes).toEqual({ count: { N: "1" }, kind: { S: "cat" } });
        await expect(call("UpdateItem", update)).rejects.toMatchObject({
          code: "ConditionalCheckFailedException",
          message: "The conditional request failed",
        });
        await expect(call("GetItem", { Key: { pk: { S: "a" } } })).rejects.toMatchObject({
          code: "ValidationException",
          message: "The provided key element does not match the schema",
        });
      },
    );

    test.skipIf(skipped)("batches, queries and transactions work on one table", async () => {
      const PutRequest = (sk: number) => ({ Item: { ...key(sk), kind: { S: "dog" } } });
      await client.call("BatchWriteItem", {
        RequestItems: { [TableName]: [10, -3, 2.5].map((sk) => ({ PutRequest: PutRequest(sk) })) },
      });
      const { Items, Count } = await call("Query", {
        IndexName: "byKind",
        KeyConditionExpression: "kind = :k",
        ExpressionAttributeValues: { ":k": { S: "dog" } },
      });
      expect(Count).toBe(3);
      expect(Items.map((item: any) => item.sk.N)).toEqual(["-3", "2.5", "10"]);
      const Delete = { TableName, Key: key(10) };
      const ConditionCheck = { TableName, Key: key(2.5), ConditionExpression: "attribute_not_exists(pk)" };
      await expect(
        client.call("TransactWriteItems", { TransactItems: [{ Delete }, { ConditionCheck }] }),
      ).rejects.toMatchObject({
        code: "TransactionCanceledException",
        message: expect.stringContaining("[None, ConditionalCheckFailed]"),
      });
      expect(
        (
          await call("Scan", {
            FilterExpression: "sk = :s",
            ExpressionAttributeValues: { ":s": { N: "10" } },
          })
        ).Count,
      ).toBe(1);
    });
  },
);

describe("DynamoDB by the AWS SDK alone", () => {
  let cloud: TestCloud;
  let client: DynamoDBClient;
  beforeAll(async () => {
    cloud = await testCloud({ plugins: [dynamodb] });
    client = new DynamoDBClient(cloud.client);
    const created = await openClient("AWS SDK", "dynamodb", cloud).call("CreateTable", definition);
    expect(created.TableDescription.TableStatus).toBe("CREATING");
    await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName });
  });
  afterAll(() => cloud.dispose());

  test("binary values are unchanged, and a paginator reads every page", async () => {
    for (const sk of [1, 2, 3, 4, 5]) {
      const body = { B: new Uint8Array([0, sk, 255]) };
      const Item = { ...key(sk), body, parts: { BS: [new Uint8Array([sk])] } };
      await client.send(new PutItemCommand({ TableName, Item }));
    }
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: key(3) }));
    expect(Item?.body?.B).toEqual(new Uint8Array([0, 3, 255]));
    expect(Item?.parts?.BS).toEqual([new Uint8Array([3])]);
    let scanned = 0;
    for await (const page of paginateScan({ client, pageSize: 2 }, { TableName })) scanned += page.Count ?? 0;
    expect(scanned).toBe(5);
  });

  test("of a hundred concurrent writes one creates the item, and all increments count", async () => {
    const judge = openClient("AWS SDK", "dynamodb", cloud);
    const Item = key(100);
    const create = () =>
      judge.call("PutItem", { TableName, Item, ConditionExpression: "attribute_not_exists(pk)" });
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, create));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const add = {
      TableName,
      Key: Item,
      UpdateExpression: "ADD tally :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
    };
    await Promise.all(Array.from({ length: 100 }, () => judge.call("UpdateItem", add)));
    const got = await judge.call("GetItem", { TableName, Key: Item });
    expect(got.Item.tally).toEqual({ N: "100" });
  });
});
