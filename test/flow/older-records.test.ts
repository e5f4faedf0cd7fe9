// Records that an older version stored, with names that are replaced now.
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamo } from "@sluice/core/aws/dynamo.ts";
import { tableName } from "@sluice/core/aws/link.ts";
import { db } from "@sluice/core/db.ts";
import { getDeployment, getTraffic } from "@sluice/core/deployment/read.ts";
import { listPredictions } from "@sluice/core/prediction/list.ts";
import type { Status } from "@sluice/core/prediction/prediction.ts";
import { getPrediction } from "@sluice/core/prediction/record.ts";
import { requeuePending } from "@sluice/core/prediction/requeue-pending.ts";
import { shardedBucket, shardsOf } from "@sluice/core/prediction/shard.ts";
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

/** As it was written when a day was one partition. */
const putPrediction = (
  id: string,
  second: number,
  fields: { day: string; bucket: string; status: Status },
) => {
  const createdAt = new Date(Date.parse("2026-11-22T04:00:00.000Z") + second * 1_000).toISOString();
  return db()
    .entities.prediction.put({
      id,
      model,
      task: "image-classification",
      source: { bucket: "uploads", key: `uploads/vehicles/${id}.jpg` },
      attempts: 1,
      createdAt,
      changedAt: createdAt,
      changedDay: createdAt.slice(0, 10),
      ...fields,
    })
    .go();
};

test("a day that is partly in one partition and partly in several is listed once, newest first", async () => {
  const today = "2026-11-22";
  await db().entities.day.put({ model, day: today }).go();
  const ids: string[] = [];
  for (let second = 0; second < 60; second++) {
    const id = `prd_${second}`;
    ids.unshift(id);
    const name = second % 2 === 0 ? today : shardedBucket(today, id);
    await putPrediction(id, second, { day: name, bucket: name, status: "completed" });
  }
  for (const query of [{}, { status: "completed" as const }]) {
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listPredictions({ model, from: `${today}T00:00:00Z`, limit: 7, cursor, ...query });
      listed.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor);
    expect(listed).toEqual(ids);
  }
});

test("the partitions of a day share its predictions", () => {
  const names = Array.from({ length: 8_000 }, (_, index) => shardedBucket("2026-11-22", `prd_${index}`));
  const counts = shardsOf("2026-11-22").map((name) => names.filter((one) => one === name).length);
  expect(counts[0]).toBe(0);
  for (const count of counts.slice(1)) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test("a prediction that waits since before is listed and sent to its queue", async () => {
  await putPrediction("prd_waits", 100, { day: "2026-11-22", bucket: "open", status: "pending" });
  expect((await listPredictions({ model, status: "pending" })).items.map(({ id }) => id)).toEqual([
    "prd_waits",
  ]);
  expect(await requeuePending(model)).toBe(1);
});
