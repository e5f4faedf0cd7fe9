import { afterAll, beforeAll, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { holds } from "../support/queue.ts";
import { sampleOf } from "../support/sample.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.dispose());

test("an upload fans out to every model that accepts it, waits for each one's endpoint, and is taken up alone", async () => {
  const { bytes, label } = await sampleOf("vehicles", 2);
  const waits = { status: "pending", error: { code: "ENDPOINT_NOT_FOUND", hint: expect.any(String) } };
  const { idFor } = await stage.upload("uploads/aerial/early.jpg", bytes);
  const waiting = await Promise.all(
    ["vehicles", "drones"].map((model) =>
      stage.prediction(idFor(model), ({ status }) => status === "pending"),
    ),
  );
  expect(waiting).toMatchObject([waits, waits]);
  // What waits holds no message: nothing is received again and again meanwhile.
  await holds(stage.sqs, stage.queueUrl("vehicles"), 0);

  await stage.deploy("vehicles");
  const taken = await stage.prediction(idFor("vehicles"));
  expect(taken).toMatchObject({
    status: expect.stringMatching(/completed|rejected/),
    attempts: 2,
    summary: { class: label },
  });
  expect(taken.error).toBeUndefined();
  const still = await stage.prediction(idFor("drones"), () => true);
  expect(still).toMatchObject(waits);
}, 120_000);
