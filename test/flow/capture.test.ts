// Captures of synchronous predictions, and of a share of the uploads.
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { predict } from "@sluice/core/prediction/predict.ts";
import { expect, test } from "vitest";
import { batchTests } from "./batch.ts";
import { answer, failure, png } from "./edges.ts";

const { objects, models, keys, printed, time } = batchTests();

const descriptors = { width: 8, height: 8, brightness: 127.5, embedding: "AAEC" };
const runtime = {
  print: (line: string) => void printed.push(line),
  now: () => time.now++,
  random: () => 1,
  sleep: () => Promise.resolve(),
};
const call = () => predict({ model: "vehicles", bytes: png(8, 8), deadline: time.now + 25_000 }, runtime);

test("a synchronous prediction is captured in one put, with descriptors and without its image", async () => {
  const body = JSON.stringify({ ...answer(0.97), descriptors });
  models.on(InvokeEndpointCommand).callsFake(() => ({ Body: Buffer.from(body) }));
  const { id } = await call();
  expect(keys()).toEqual([
    expect.stringMatching(/^capture\/sluice-test-vehicles-serverless\/AllTraffic\/2026\/11\/21\/04\/prd_/),
  ]);
  const stored = objects.commandCalls(PutObjectCommand)[0]!.args[0].input.Body as string;
  const { captureData, eventMetadata } = JSON.parse(stored);
  expect(eventMetadata.inferenceId).toBe(id);
  expect(JSON.parse(captureData.endpointOutput.data)).toMatchObject({ descriptors });
  expect(JSON.parse(captureData.endpointInput.data)).toEqual({
    contentType: "image/png",
    bytes: png(8, 8).byteLength,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("a synchronous prediction whose capture fails has its result", async () => {
  objects.on(PutObjectCommand).rejects(failure("AccessDenied"));
  expect(await call()).toMatchObject({ class: "car", probability: 0.97 });
});
