// From uploads to predictions on one stage, whose tests build on each other: the first one deploys the model.
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { expectErrorLog } from "../support/error-log.ts";
import { holds } from "../support/queue.ts";
import { sampleOf } from "../support/sample.ts";

/** Longer than any delay that a delivery has without a fault. */
const HELD_MS = 60_000;
const BATCH = 10;
/** Logs belong to the function's runtime, not to its calls. */
const PLATFORM = /^logs:/;

let stage: Stage;
let endpoint: string;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.dispose());
afterEach(() => stage.faults());

/** Delays all messages until the clock is shifted by as much. */
const holdMessages = () => stage.faults({ point: "sqs:deliver", kind: "delay", ms: HELD_MS });
const releaseMessages = () => stage.shift(HELD_MS + 10_000);

test("an upload reaches every model that accepts it, and each prediction waits for its own endpoint", async () => {
  const { bytes, label } = await sampleOf("vehicles", 2);
  const pending = { status: "pending", error: { code: "ENDPOINT_NOT_FOUND", hint: expect.any(String) } };
  const { idFor } = await stage.upload("uploads/aerial/early.jpg", bytes);
  const waiting = await Promise.all(
    ["vehicles", "drones"].map((model) =>
      stage.prediction(idFor(model), ({ status }) => status === "pending"),
    ),
  );
  expect(waiting).toMatchObject([pending, pending]);
  // A pending prediction has no message, so that nothing is received in vain.
  await holds(stage.sqs, stage.queueUrl("vehicles"), 0);

  endpoint = await stage.deploy("vehicles");
  const done = await stage.prediction(idFor("vehicles"));
  expect(done).toMatchObject({
    status: expect.stringMatching(/completed|rejected/),
    attempts: 2,
    summary: { class: label },
  });
  expect(done.error).toBeUndefined();
  const still = await stage.prediction(idFor("drones"), () => true);
  expect(still).toMatchObject(pending);
}, 120_000);

test("an upload becomes a record, a result and a capture, and the API returns it", async () => {
  const { bytes, label } = await sampleOf("vehicles", 1);
  const { key, versionId, idFor } = await stage.upload("uploads/vehicles/one.jpg", bytes);
  const found = await stage.prediction(idFor("vehicles"));
  expect(found).toMatchObject({
    status: expect.stringMatching(/^(completed|rejected)$/),
    attempts: 1,
    source: { key, versionId, contentType: "image/jpeg" },
    summary: { class: label },
  });

  const answer = await stage.api(`/predictions/${found.id}`);
  expect(await answer.json()).toMatchObject({ id: found.id, status: found.status });
  const result = await (await stage.api(`/predictions/${found.id}/result`)).json();
  expect(result).toMatchObject({ id: found.id, class: label, image: { width: expect.any(Number) } });
  expect(result.probabilities).toHaveLength(5);
  const listed = await (await stage.api("/predictions?model=vehicles")).json();
  const ofKey = listed.items.filter(({ source }: { source: { key: string } }) => source.key === key);
  expect(ofKey.map(({ id }: { id: string }) => id)).toEqual([found.id]);

  const captured = await stage.s3.send(
    new ListObjectsV2Command({ Bucket: stage.results, Prefix: "capture/" }),
  );
  const lines = await Promise.all(
    captured.Contents!.map(async ({ Key }) => {
      const file = await stage.s3.send(new GetObjectCommand({ Bucket: stage.results, Key }));
      return JSON.parse(await file.Body!.transformToString());
    }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({ eventMetadata: expect.objectContaining({ inferenceId: found.id }) }),
  );

  // The logs of the function and of the endpoint can be searched for the prediction's id.
  const logs = new CloudWatchLogsClient({});
  for (const logGroupName of [
    "/aws/lambda/sluice-local-VehiclesInferFunction",
    `/aws/sagemaker/Endpoints/${endpoint}`,
  ]) {
    const search = () =>
      logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: `"${found.id}"` }));
    await expect.poll(async () => (await search()).events?.length).toBeGreaterThan(0);
  }
});

/** Calls over the wire by the function that reads the queue, by name. */
function countCalls(): Map<string, number> {
  const { kernel } = stage.cloud;
  const { perform } = kernel;
  const counts = new Map<string, number>();
  onTestFinished(() => void (kernel.perform = perform));
  kernel.perform = (service, operation, input, call) => {
    const name = `${service}:${operation}`;
    const wire = Object.keys(call.headers).length > 0;
    if (wire && call.principal.kind === "role" && !PLATFORM.test(name) && /Infer/.test(call.principal.arn))
      counts.set(name, (counts.get(name) ?? 0) + 1);
    return perform(service, operation, input, call);
  };
  return counts;
}

test("a full batch of ten makes at most four paid calls per prediction", async () => {
  const { bytes } = await sampleOf("vehicles", 4);
  // The first batch of a worker also records the day.
  const first = await stage.upload("uploads/vehicles/first.jpg", bytes);
  await stage.prediction(first.idFor("vehicles"));
  await holdMessages();
  const uploads = await Promise.all(
    Array.from({ length: BATCH }, (_, index) => stage.upload(`uploads/vehicles/ten-${index}.jpg`, bytes)),
  );
  const counts = countCalls();
  await releaseMessages();
  for (const { idFor } of uploads) await stage.prediction(idFor("vehicles"));

  // The event is published after the record is written: its call may still be missing.
  await expect
    .poll(() => Object.fromEntries(counts))
    .toMatchObject({
      "s3:GetObject": BATCH,
      "sagemaker:InvokeEndpoint": BATCH,
      "s3:PutObject": BATCH + 1,
      "dynamodb:TransactWriteItems": 2,
      "events:PutEvents": 1,
    });
  // The live version is read once in ten seconds, for any number of predictions.
  expect(counts.get("dynamodb:GetItem") ?? 0).toBeLessThanOrEqual(1);
  expect(counts.size).toBeLessThanOrEqual(6);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  expect(total / BATCH).toBeLessThanOrEqual(4);
});

test("an object overwritten before its prediction has one prediction per version, each of its own bytes", async () => {
  await holdMessages();
  const pictures = [await sampleOf("vehicles", 0), await sampleOf("vehicles", 1)];
  const key = "uploads/vehicles/overwritten.jpg";
  const first = await stage.upload(key, pictures[0]!.bytes);
  const second = await stage.upload(key, pictures[1]!.bytes);
  await releaseMessages();
  const found = await Promise.all([first, second].map(({ idFor }) => stage.prediction(idFor("vehicles"))));
  expect(found.map(({ summary }) => summary?.class)).toEqual(pictures.map(({ label }) => label));
});

test("an object deleted before its prediction is predicted from its version; without the version it fails", async () => {
  await holdMessages();
  const { bytes } = await sampleOf("vehicles", 3);
  const marked = await stage.upload("uploads/vehicles/deleted.jpg", bytes);
  await stage.s3.send(new DeleteObjectCommand({ Bucket: stage.bucket, Key: marked.key }));
  const gone = await stage.upload("uploads/vehicles/gone.jpg", bytes);
  await stage.s3.send(
    new DeleteObjectCommand({ Bucket: stage.bucket, Key: gone.key, VersionId: gone.versionId }),
  );
  await releaseMessages();
  expect((await stage.prediction(marked.idFor("vehicles"))).status).toMatch(/completed|rejected/);
  expect(await stage.prediction(gone.idFor("vehicles"))).toMatchObject({
    status: "failed",
    error: { code: "OBJECT_GONE", message: expect.stringContaining("gone.jpg"), retryable: false },
  });
  await holds(stage.sqs, stage.queueUrl("vehicles"), 0);
  await holds(stage.sqs, stage.deadLettersUrl("vehicles"), 0);
});

test("a prediction that its model failed keeps the reason and a dead letter, and a redrive completes it", async () => {
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
