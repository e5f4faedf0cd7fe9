import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { holds } from "../support/queue.ts";
import { sampleOf } from "../support/sample.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  await stage.deploy("vehicles");
}, 120_000);
afterAll(() => stage.dispose());

const HELD_MS = 600_000;
/** Every message is held back until the clock is moved. */
beforeEach(() => stage.faults({ point: "sqs:deliver", kind: "delay", ms: HELD_MS }));

test("an object overwritten in flight has a prediction of each version, each of its own bytes", async () => {
  const pictures = [await sampleOf("vehicles", 0), await sampleOf("vehicles", 1)];
  const key = "uploads/vehicles/overwritten.jpg";
  const first = await stage.upload(key, pictures[0]!.bytes);
  const second = await stage.upload(key, pictures[1]!.bytes);
  await stage.shift(HELD_MS);
  const found = await Promise.all([first, second].map(({ idFor }) => stage.prediction(idFor("vehicles"))));
  expect(found.map(({ summary }) => summary?.class)).toEqual(pictures.map(({ label }) => label));
});

test("an object deleted in flight is predicted from its version; one gone for good fails and says so", async () => {
  const { bytes } = await sampleOf("vehicles", 3);
  const marked = await stage.upload("uploads/vehicles/deleted.jpg", bytes);
  await stage.s3.send(new DeleteObjectCommand({ Bucket: stage.bucket, Key: marked.key }));
  const gone = await stage.upload("uploads/vehicles/gone.jpg", bytes);
  await stage.s3.send(
    new DeleteObjectCommand({ Bucket: stage.bucket, Key: gone.key, VersionId: gone.versionId }),
  );
  await stage.shift(HELD_MS);
  expect((await stage.prediction(marked.idFor("vehicles"))).status).toMatch(/completed|rejected/);
  expect(await stage.prediction(gone.idFor("vehicles"))).toMatchObject({
    status: "failed",
    error: { code: "OBJECT_GONE", message: expect.stringContaining("gone.jpg"), retryable: false },
  });
  await holds(stage.sqs, stage.queueUrl("vehicles"), 0);
  await holds(stage.sqs, stage.deadLettersUrl("vehicles"), 0);
});
