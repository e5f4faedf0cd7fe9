import { afterAll, beforeAll, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { holds } from "../support/queue.ts";
import { sampleOf } from "../support/sample.ts";
import { expectErrorLog } from "../support/error-log.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  await stage.deploy("vehicles");
}, 120_000);
afterAll(() => stage.dispose());

test("a prediction its model failed is kept with the reason, its message a dead letter, and a redrive completes it", async () => {
  expectErrorLog(/"code":"MODEL_FAILED"/);
  const { bytes, label } = await sampleOf("vehicles", 5);
  const fields = { OriginalStatusCode: 500, OriginalMessage: "out of memory" };
  await stage.faults({
    point: "sagemaker:InvokeEndpoint",
    kind: "error",
    code: "ModelError",
    status: 424,
    fields,
  });
  const { idFor } = await stage.upload("uploads/vehicles/poison.jpg", bytes);
  const failed = await stage.prediction(idFor("vehicles"));
  expect(failed).toMatchObject({
    status: "failed",
    attempts: 1,
    error: { code: "MODEL_FAILED", message: expect.stringContaining("out of memory") },
  });
  await holds(stage.sqs, stage.deadLettersUrl("vehicles"), 1);
  expect(await (await stage.api("/queues/vehicles")).json()).toMatchObject({ waiting: 0, deadLetters: 1 });

  await stage.faults();
  const redrive = await stage.api("/queues/vehicles/redrive", { method: "POST" });
  expect(redrive.status).toBe(202);
  expect(await redrive.json()).toMatchObject({ messages: 1 });
  const done = await stage.prediction(failed.id, ({ status }) => /completed|rejected/.test(status));
  expect(done).toMatchObject({ attempts: 2, summary: { class: label } });
  expect(done.error).toBeUndefined();
  await holds(stage.sqs, stage.deadLettersUrl("vehicles"), 0);
  await holds(stage.sqs, stage.queueUrl("vehicles"), 0);
});
