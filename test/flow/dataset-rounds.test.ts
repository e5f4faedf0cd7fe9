// Rounds of a dataset's preparation with lost, repeated, late and abandoned messages. Tables, queues and buckets are real
// (the embedded cloud); the tests call the functions, in any order.
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Dataset } from "@sluice/core/dataset/dataset.ts";
import { handleInspectMessage, handlePrepareMessage } from "@sluice/core/dataset/prepare/handle-message.ts";
import { getDataset } from "@sluice/core/dataset/read.ts";
import { requestDataset } from "@sluice/core/dataset/request.ts";
import { db } from "@sluice/core/db.ts";
import { shardOf, textKey } from "@sluice/core/label/shard.ts";
import { labelWriter } from "@sluice/core/label/writer.ts";
import { readLabeledFiles } from "@sluice/core/dataset/prepare/labeled-files.ts";
import { reviewSource } from "@sluice/core/review/review.ts";
import { mapConcurrently } from "@sluice/core/util/map-concurrently.ts";
import { dynamodb } from "@sluice/local/service/dynamodb/plugin.ts";
import { s3 as s3Plugin } from "@sluice/local/service/s3/plugin.ts";
import { sqs as sqsPlugin } from "@sluice/local/service/sqs/plugin.ts";
import { testCloud, type TestCloud } from "@sluice/local/kernel/testing-cloud.ts";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { tableResource } from "./stage.ts";

const NOW = Date.parse("2026-11-21T04:00:00Z");
/** Three chunks. */
const FILES = 450;
/** One chunk. */
const FEW = 20;
const CLASSES = ["compliant", "needs-review", "violation"];
const keyOf = (at: number) => `data/compliance/${CLASSES[at % 3]}/${at}.txt`;
const keys = Array.from({ length: FILES }, (_, at) => keyOf(at));
const textOf = (at: number) =>
  `Invoice ${at * 7_919} from supplier ${at * 104_729}: ${"abcdefghij"[at % 10]!.repeat(9 + at)}.`;

let cloud: TestCloud;
let s3: S3Client;
let sqs: SQSClient;
const bus = mockClient(EventBridgeClient);

beforeAll(async () => {
  const queue = (name: string) => ({ name, type: "aws:sqs/queue:Queue", inputs: { name } });
  const bucket = (name: string) => ({ name, type: "aws:s3/bucket:Bucket", inputs: { bucket: name } });
  cloud = await testCloud({
    plugins: [dynamodb, sqsPlugin, s3Plugin],
    graph: {
      resources: [tableResource, queue("prepare"), queue("inspect"), bucket("uploads"), bucket("artifacts")],
    },
  });
  const links: Record<string, object> = {
    App: { name: "sluice", stage: "test" },
    Table: { name: "sluice" },
    Bus: { name: "bus" },
    UploadsBucket: { name: "uploads" },
    ArtifactsBucket: { name: "artifacts" },
    DatasetPrepareQueue: { url: `${cloud.endpoint}/000000000000/prepare` },
    DatasetInspectQueue: { url: `${cloud.endpoint}/000000000000/inspect` },
  };
  for (const [name, value] of Object.entries(links))
    process.env[`SST_RESOURCE_${name}`] = JSON.stringify(value);
  Object.assign(process.env, cloud.environment, { SLUICE_LOG_LEVEL: "ERROR" });
  s3 = new S3Client({});
  sqs = new SQSClient({});
  await mapConcurrently(30, [...keys.keys()], (at) => put(at, textOf(at)));
  const writer = labelWriter({ model: "compliance", source: "test", now: NOW });
  for (let at = 0; at < FILES; at++)
    await writer.add({ key: keyOf(at), label: CLASSES[at % 3], labelledAt: new Date(NOW).toISOString() });
  expect(await writer.end()).toMatchObject({ added: FILES });
}, 60_000);
afterAll(() => cloud.dispose());
beforeEach(() => {
  bus.reset();
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
});

const put = (at: number, text: string) =>
  s3.send(new PutObjectCommand({ Bucket: "uploads", Key: keyOf(at), Body: text }));

/** Receives and deletes all messages of a queue. */
async function receiveAll(queue: "prepare" | "inspect"): Promise<string[]> {
  const QueueUrl = `${cloud.endpoint}/000000000000/${queue}`;
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    for (const { Body, ReceiptHandle } of Messages) {
      bodies.push(Body!);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

const first = { receives: 1, now: NOW };

async function beginDataset(seed: number): Promise<Dataset> {
  const dataset = await requestDataset({ model: "compliance", seed, requestedBy: "test", now: NOW });
  const [message, ...more] = await receiveAll("prepare");
  expect(more).toEqual([]);
  await handlePrepareMessage(message!, first);
  return dataset;
}

const publishedStatuses = () =>
  bus
    .commandCalls(PutEventsCommand)
    .flatMap((call) => call.args[0].input.Entries ?? [])
    .map(({ Detail }) => (JSON.parse(Detail!) as { status: string }).status);

/** Deletes the metadata of the first files, so that the next dataset inspects them again. */
async function deleteMetadata(count: number) {
  const items = keys.slice(0, count).map((key) => ({ model: "compliance", shard: shardOf(key), key }));
  await db().entities.fileMetadata.delete(items).go({ concurrency: 4 });
}

test("repeated, late and reordered chunks count once, and the next dataset reads no file again", async () => {
  const { id } = await beginDataset(1);
  const chunks = await receiveAll("inspect");
  expect(chunks).toHaveLength(3);
  expect(await getDataset(id)).toMatchObject({ step: "inspecting", progress: { done: 0, total: FILES } });
  await handleInspectMessage(chunks[2]!, first);
  await handleInspectMessage(chunks[2]!, first);
  await handleInspectMessage(chunks[0]!, first);
  expect(await receiveAll("prepare")).toEqual([]);
  expect((await getDataset(id)).progress!.done).toBeLessThan(FILES);
  await handleInspectMessage(chunks[1]!, first);
  // Repeated after the last: the function that counted it may have died before it sent the message.
  await handleInspectMessage(chunks[1]!, { receives: 2, now: NOW });
  const messages = await receiveAll("prepare");
  expect(messages).toEqual(Array(2).fill(JSON.stringify({ type: "inspected", dataset: id, round: 1 })));
  for (const one of messages) await handlePrepareMessage(one, first);
  expect(await getDataset(id)).toMatchObject({
    status: "ready",
    items: { train: 315, validation: 68, test: 67 },
    objects: { train: 315 },
  });
  const { bytes } = await getDataset(id);
  const written = Array.from({ length: FILES }, (_, at) => Buffer.byteLength(textOf(at)));
  expect(bytes!.train + bytes!.validation + bytes!.test).toBe(written.reduce((sum, one) => sum + one, 0));
  await handleInspectMessage(chunks[0]!, { receives: 3, now: NOW });
  expect(publishedStatuses()).toEqual(["preparing", "ready"]);

  const again = await beginDataset(2);
  expect(await receiveAll("inspect")).toEqual([]);
  expect(await getDataset(again.id)).toMatchObject({ status: "ready" });
  const twin = await beginDataset(1);
  expect(await getDataset(twin.id)).toMatchObject({ status: "ready", identicalTo: id });
});

test("a round without progress sends the files of a lost chunk again, and no others", async () => {
  await deleteMetadata(FILES);
  const { id } = await beginDataset(3);
  const [one, two, lost] = await receiveAll("inspect");
  await handleInspectMessage(one!, first);
  await handleInspectMessage(two!, first);
  // Two chunks are done since the first check, so the round waits. Without progress it begins again.
  await handlePrepareMessage(JSON.stringify({ type: "check", dataset: id, round: 1, done: 0 }), first);
  expect(await receiveAll("inspect")).toEqual([]);
  await handlePrepareMessage(JSON.stringify({ type: "check", dataset: id, round: 1, done: 2 }), first);
  const repeated = await receiveAll("inspect");
  expect(repeated.map((body) => (JSON.parse(body) as { keys: string[] }).keys)).toEqual([
    (JSON.parse(lost!) as { keys: string[] }).keys,
  ]);
  // The lost chunk arrives late: its metadata is stored, but only chunks of this round count.
  await handleInspectMessage(lost!, first);
  expect(await receiveAll("prepare")).toEqual([]);
  await handleInspectMessage(repeated[0]!, first);
  for (const message of await receiveAll("prepare")) await handlePrepareMessage(message, first);
  expect(await getDataset(id)).toMatchObject({ status: "ready", items: { train: 315 } });
  await handlePrepareMessage(JSON.stringify({ type: "check", dataset: id, round: 2, done: 0 }), first);
  expect(publishedStatuses().filter((status) => status === "ready")).toHaveLength(1);
});

test("the next receive continues after a function that died while it read or split", async () => {
  await deleteMetadata(FILES);
  const dataset = await requestDataset({ model: "compliance", seed: 4, requestedBy: "test", now: NOW });
  const [message] = await receiveAll("prepare");
  await handlePrepareMessage(message!, first);
  const stale = await receiveAll("inspect");
  // A first receive is a copy of the message. A second receive means that the first receiver is gone.
  await handlePrepareMessage(message!, first);
  expect(await receiveAll("inspect")).toEqual([]);
  await handlePrepareMessage(message!, { receives: 2, now: NOW });
  const fresh = await receiveAll("inspect");
  expect(fresh).toHaveLength(3);
  for (const chunk of [...stale, ...fresh]) await handleInspectMessage(chunk, first);
  for (const message of await receiveAll("prepare")) await handlePrepareMessage(message, first);
  expect(await getDataset(dataset.id)).toMatchObject({ status: "ready" });
});

test("a file that is deleted or overwritten during a round costs another round, never a wrong line", async () => {
  await deleteMetadata(FEW);
  const { id } = await beginDataset(5);
  const chunks = await receiveAll("inspect");
  for (const chunk of chunks) await handleInspectMessage(chunk, first);
  await put(7, "Another text altogether.");
  await s3.send(new DeleteObjectCommand({ Bucket: "uploads", Key: keyOf(8) }));
  for (const message of await receiveAll("prepare")) await handlePrepareMessage(message, first);
  const [more] = await receiveAll("inspect");
  expect(JSON.parse(more!)).toMatchObject({ round: 2, keys: [keyOf(7)] });
  await handleInspectMessage(more!, first);
  for (const message of await receiveAll("prepare")) await handlePrepareMessage(message, first);
  expect(await getDataset(id)).toMatchObject({
    status: "ready",
    problemCount: 1,
    problems: [{ code: "FILE_MISSING", file: keyOf(8) }],
  });
  await put(8, textOf(8));
});

test("a chunk on its last receive fails its dataset with the reason", async () => {
  await deleteMetadata(FEW);
  const { id } = await beginDataset(6);
  const [chunk] = await receiveAll("inspect");
  const objects = mockClient(S3Client);
  objects
    .on(GetObjectCommand)
    .rejects(Object.assign(new Error("Please reduce your rate"), { name: "SlowDown" }));
  await expect(handleInspectMessage(chunk!, first)).rejects.toThrow("SlowDown");
  expect(await getDataset(id)).toMatchObject({ status: "preparing" });
  await expect(handleInspectMessage(chunk!, { receives: 5, now: NOW })).rejects.toThrow("SlowDown");
  objects.restore();
  expect(await getDataset(id)).toMatchObject({
    status: "failed",
    error: { code: "STORAGE_FAILED", message: expect.stringContaining("reduce your rate") },
  });
  expect(publishedStatuses()).toEqual(["preparing", "failed"]);
  // Messages after the end change nothing.
  await handleInspectMessage(chunk!, first);
  await handlePrepareMessage(JSON.stringify({ type: "inspected", dataset: id, round: 1 }), first);
  expect(await receiveAll("prepare")).toEqual([]);
  expect(await getDataset(id)).toMatchObject({ status: "failed" });
});

test("labels that arrive while files are inspected do not delay the dataset", async () => {
  await deleteMetadata(FEW);
  const { id } = await beginDataset(7);
  const at = FILES + 1;
  await put(at, textOf(at));
  const late = new Date(NOW + 1_000).toISOString();
  const writer = labelWriter({ model: "compliance", source: "test", now: NOW + 1_000 });
  await writer.add({ key: keyOf(at), label: CLASSES[at % 3], labelledAt: late });
  await writer.end();
  for (const chunk of await receiveAll("inspect")) await handleInspectMessage(chunk, first);
  for (const message of await receiveAll("prepare")) await handlePrepareMessage(message, first);
  expect(await getDataset(id)).toMatchObject({
    status: "ready",
    items: { train: 315, validation: 68, test: 67 },
  });
  expect(await receiveAll("inspect")).toEqual([]);
});

test("old labels from reviews are left out when a retraining limits them; other labels always count", async () => {
  const label = async (text: string, source: string, now: number) => {
    const writer = labelWriter({ model: "compliance", source, now });
    await writer.add({
      key: textKey(text),
      text,
      label: "compliant",
      labelledAt: new Date(now).toISOString(),
    });
    await writer.end();
  };
  const before = NOW - 100 * 86_400_000;
  await label("reviewed long ago", reviewSource, before);
  await label("reviewed today", reviewSource, NOW);
  await label("imported long ago", "import", before);
  const texts = async (since?: string) => {
    const found: string[] = [];
    for await (const file of readLabeledFiles("compliance", since))
      if (file.type === "item" && file.item.text) found.push(file.item.text);
    return found.toSorted();
  };
  const since = new Date(NOW - 90 * 86_400_000).toISOString();
  expect(await texts(since)).toEqual(["imported long ago", "reviewed today"]);
  expect(await texts()).toEqual(["imported long ago", "reviewed long ago", "reviewed today"]);
});
