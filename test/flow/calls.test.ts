// What a prediction costs in calls to AWS, counted where they arrive.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { sampleOf } from "../support/sample.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  await stage.deploy("vehicles");
}, 120_000);
afterAll(() => stage.dispose());

const BATCH = 10;
const HELD_MS = 60_000;
/** Logs are part of running a function, not calls it makes. */
const PLATFORM = /^logs:/;

/** Calls over the wire by the function that reads the queue, by name. */
function countCalls(): Map<string, number> {
  const { kernel } = stage.cloud;
  const { perform } = kernel;
  const counts = new Map<string, number>();
  kernel.perform = (service, operation, input, call) => {
    const name = `${service}:${operation}`;
    const wire = Object.keys(call.headers).length > 0;
    if (wire && call.principal.kind === "role" && !PLATFORM.test(name) && /Infer/.test(call.principal.arn))
      counts.set(name, (counts.get(name) ?? 0) + 1);
    return perform(service, operation, input, call);
  };
  return counts;
}

test("a full batch of ten makes at most four paid calls a prediction", async () => {
  const { bytes } = await sampleOf("vehicles", 4);
  // The first batch of a worker marks the day; it is not what a prediction costs.
  const first = await stage.upload("uploads/vehicles/first.jpg", bytes);
  await stage.prediction(first.idFor("vehicles"));
  await stage.faults({ point: "sqs:deliver", kind: "delay", ms: HELD_MS });
  const uploads = await Promise.all(
    Array.from({ length: BATCH }, (_, index) => stage.upload(`uploads/vehicles/ten-${index}.jpg`, bytes)),
  );
  const counts = countCalls();
  await stage.shift(HELD_MS + 10_000);
  for (const { idFor } of uploads) await stage.prediction(idFor("vehicles"));

  // The event is published after the record is written: its count may still be on the way.
  await expect
    .poll(() => Object.fromEntries(counts))
    .toMatchObject({
      "s3:GetObject": BATCH,
      "sagemaker:InvokeEndpoint": BATCH,
      "s3:PutObject": BATCH + 1,
      "dynamodb:TransactWriteItems": 2,
      "events:PutEvents": 1,
    });
  // Which version answers is read once in ten seconds, however many predictions there are.
  expect(counts.get("dynamodb:GetItem") ?? 0).toBeLessThanOrEqual(1);
  expect(counts.size).toBeLessThanOrEqual(6);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  expect(total / BATCH).toBeLessThanOrEqual(4);
});
