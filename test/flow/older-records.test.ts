// Records that an older version stored, with names that are replaced now.
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamo } from "@sluice/core/aws/dynamo.ts";
import { tableName } from "@sluice/core/aws/link.ts";
import { db } from "@sluice/core/db.ts";
import { getDeployment, getTraffic } from "@sluice/core/deployment/read.ts";
import { getPrediction } from "@sluice/core/prediction/record.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stage } from "./stage.ts";

const at = "2026-11-21T04:00:00.000Z";
const day = at.slice(0, 10);
const model = "vehicles";

let cloud: Awaited<ReturnType<typeof stage>>;
beforeAll(async () => {
  cloud = await stage();
});
afterAll(() => cloud.dispose());

/** Changes an item as DynamoDB stores it. */
async function setStored(params: unknown, update: string, values: Record<string, string | number>) {
  const { Key } = params as { Key: { pk: string; sk: string } };
  await dynamo().send(
    new UpdateItemCommand({
      TableName: tableName(),
      Key: { pk: { S: Key.pk }, sk: { S: Key.sk } },
      UpdateExpression: update,
      ...(update.includes("#status") && { ExpressionAttributeNames: { "#status": "status" } }),
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          typeof value === "number" ? { N: String(value) } : { S: value },
        ]),
      ),
    }),
  );
}

test("a settled review is read as resolved", async () => {
  const { prediction } = db().entities;
  const review = { status: "resolved", reason: "rejected", openedAt: at, label: "car" } as const;
  await prediction
    .put({
      id: "prd_old",
      model,
      task: "image-classification",
      status: "rejected",
      source: { bucket: "uploads", key: "uploads/vehicles/old.jpg" },
      attempts: 1,
      review,
      createdAt: at,
      day,
      bucket: day,
      changedAt: at,
      changedDay: day,
    })
    .go();
  await setStored(prediction.get({ id: "prd_old" }).params(), "SET review.#status = :old", {
    ":old": "settled",
  });
  expect((await getPrediction("prd_old")).review).toEqual(review);
});

test("the steps `proving` and `collecting` are read as `verifying` and `cleanup`", async () => {
  const { deployment } = db().entities;
  await deployment
    .put({
      id: "dep_old",
      model,
      version: "0a1b2c3d4e5f",
      hosting: {
        target: "serverless",
        memory: 2048,
        concurrency: 2,
        instance: "ml.m5.large",
        autoscaling: { min: 1, max: 1 },
      },
      endpoint: "endpoint",
      candidate: "endpoint-next",
      config: "config",
      status: "running",
      step: "cleanup",
      revision: 1,
      requestedBy: "test",
      times: [{ step: "verifying", at, note: "2 %" }],
      startedAt: at,
      changedAt: at,
    })
    .go();
  await setStored(
    deployment.get({ id: "dep_old" }).params(),
    "SET step = :collecting, times[0].step = :proving",
    { ":collecting": "collecting", ":proving": "proving" },
  );
  expect(await getDeployment("dep_old")).toMatchObject({
    step: "cleanup",
    times: [{ step: "verifying", at, note: "2 %" }],
  });
});

test("the responses of a candidate are counted in the stored field `answers`", async () => {
  const { traffic: entity } = db().entities;
  await entity.put({ model, changedAt: at }).go();
  await setStored(entity.get({ model }).params(), "SET answers = :count", { ":count": 20 });
  await entity.update({ model }).add({ responses: 1 }).go();
  expect((await getTraffic(model)).responses).toBe(21);
});
