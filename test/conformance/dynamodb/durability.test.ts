// Acknowledged writes survive kill -9, and an index never contains a missing item.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CreateTableCommand,
  DynamoDBClient,
  paginateScan,
  PutItemCommand,
  type DynamoDBClientConfig,
} from "@aws-sdk/client-dynamodb";
import { testCloud } from "@sluice/local/kernel/testing-cloud.ts";
import { dynamodb } from "@sluice/local/service/dynamodb/plugin.ts";
import { expect, test } from "vitest";

const TableName = "things";
const WRITERS = 16;
const KILL_AFTER = 300;

test("kill -9 under load loses no acknowledged write and leaves no stray index entry", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "killed-"));
  const victim = spawn(process.execPath, [path.join(import.meta.dirname, "victim.ts"), dir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(victim, "exit");
  const [greeting] = await once(victim.stdout, "data");
  const config: DynamoDBClientConfig = { ...JSON.parse(String(greeting)), maxAttempts: 1 };
  const client = new DynamoDBClient(config);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["id", "kind"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [
        {
          IndexName: "byKind",
          KeySchema: [{ AttributeName: "kind", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
  const acknowledged = new Set<string>();
  let next = 0;
  const writer = async () => {
    for (;;) {
      const id = String(next++);
      const Item = { id: { S: id }, kind: { S: `kind ${next % 3}` } };
      const answered = await client.send(new PutItemCommand({ TableName, Item })).catch(() => undefined);
      if (!answered) return;
      acknowledged.add(id);
      if (acknowledged.size === KILL_AFTER) victim.kill("SIGKILL");
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  await exit;

  const cloud = await testCloud({ plugins: [dynamodb], dir });
  const ids = async (IndexName?: string) => {
    const found = new Set<string>();
    const pages = paginateScan({ client: new DynamoDBClient(cloud.client) }, { TableName, IndexName });
    for await (const { Items } of pages) for (const { id } of Items ?? []) found.add(id!.S!);
    return found;
  };
  const kept = await ids();
  expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
  expect(await ids("byKind")).toEqual(kept);
  await cloud.dispose();
});
