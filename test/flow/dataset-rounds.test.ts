// Rounds of looking at files, message by message: lost, repeated, late, and given up. The table, the queues and the
// buckets are the embedded cloud's; the functions are called here, in whatever order a test wants.
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Dataset } from "@sluice/core/dataset/dataset.ts";
import { inspectStep, prepareStep } from "@sluice/core/dataset/prepare/deliver.ts";
import { fromId } from "@sluice/core/dataset/read.ts";
import { prepare } from "@sluice/core/dataset/request.ts";
import { writer } from "@sluice/core/label/write.ts";
import { atMost } from "@sluice/core/util/at-most.ts";
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
const CLASSES = ["compliant", "needs-review", "violation"];
const keyOf = (at: number) => `data/compliance/${CLASSES[at % 3]}/${at}.txt`;
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
  Object.assign(process.env, cloud.environment, { SLUICE_LOG_LEVEL: "SILENT" });
  s3 = new S3Client({});
  sqs = new SQSClient({});
  await renew(0);
  const into = writer({ model: "compliance", source: "test", now: NOW });
  for (let at = 0; at < FILES; at++)
    await into.add({ key: keyOf(at), label: CLASSES[at % 3], labelledAt: new Date(NOW).toISOString() });
  expect(await into.end()).toMatchObject({ added: FILES });
}, 60_000);
afterAll(() => cloud.dispose());
beforeEach(() => {
  bus.reset();
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
});

const put = (at: number, text: string) =>
  s3.send(new PutObjectCommand({ Bucket: "uploads", Key: keyOf(at), Body: text }));

/** All messages that lie in a queue, taken out of it. */
async function taken(queue: "prepare" | "inspect"): Promise<string[]> {
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

async function begun(seed: number): Promise<Dataset> {
  const dataset = await prepare({ model: "compliance", seed, requestedBy: "test", now: NOW });
  const [message, ...more] = await taken("prepare");
  expect(more).toEqual([]);
  await prepareStep(message!, first);
  return dataset;
}

const told = () =>
  bus
    .commandCalls(PutEventsCommand)
    .flatMap((call) => call.args[0].input.Entries ?? [])
    .map(({ Detail }) => (JSON.parse(Detail!) as { status: string }).status);

/** Every file anew, so that what is known of it no longer holds. */
const renew = (version: number) =>
  atMost(30, Array.from({ length: FILES }).keys().toArray(), (at) =>
    put(at, textOf(at) + "!".repeat(version)),
  );

test("chunks may come twice, late and in any order: each counts once, and nothing is read again for the next dataset", async () => {
  const { id } = await begun(1);
  const chunks = await taken("inspect");
  expect(chunks).toHaveLength(3);
  expect(await fromId(id)).toMatchObject({ step: "inspecting", progress: { done: 0, total: FILES } });
  await inspectStep(chunks[2]!, first);
  await inspectStep(chunks[2]!, first);
  await inspectStep(chunks[0]!, first);
  expect(await taken("prepare")).toEqual([]);
  expect((await fromId(id)).progress!.done).toBeLessThan(FILES);
  await inspectStep(chunks[1]!, first);
  // Repeated after the last: whoever counted may have died before saying so.
  await inspectStep(chunks[1]!, { receives: 2, now: NOW });
  const wakes = await taken("prepare");
  expect(wakes).toEqual(Array(2).fill(JSON.stringify({ dataset: id, after: 1 })));
  for (const wake of wakes) await prepareStep(wake, first);
  expect(await fromId(id)).toMatchObject({
    status: "ready",
    items: { train: 315, validation: 68, test: 67 },
    objects: { train: 315 },
  });
  const { bytes } = await fromId(id);
  const written = Array.from({ length: FILES }, (_, at) => Buffer.byteLength(textOf(at)));
  expect(bytes!.train + bytes!.validation + bytes!.test).toBe(written.reduce((sum, one) => sum + one, 0));
  await inspectStep(chunks[0]!, { receives: 3, now: NOW });
  expect(told()).toEqual(["preparing", "ready"]);

  const again = await begun(2);
  expect(await taken("inspect")).toEqual([]);
  expect(await fromId(again.id)).toMatchObject({ status: "ready" });
  const twin = await begun(1);
  expect(await fromId(twin.id)).toMatchObject({ status: "ready", identicalTo: id });
});

test("a chunk that was lost is handed out again when the round stands still, and only what is missing", async () => {
  await renew(1);
  const { id } = await begun(3);
  const [one, two, lost] = await taken("inspect");
  await inspectStep(one!, first);
  await inspectStep(two!, first);
  // It had gone on since it was last looked at: wait. It has not: begin again.
  await prepareStep(JSON.stringify({ dataset: id, check: 1, done: 0 }), first);
  expect(await taken("inspect")).toEqual([]);
  await prepareStep(JSON.stringify({ dataset: id, check: 1, done: 2 }), first);
  const repeated = await taken("inspect");
  expect(repeated.map((body) => (JSON.parse(body) as { keys: string[] }).keys)).toEqual([
    (JSON.parse(lost!) as { keys: string[] }).keys,
  ]);
  // The lost one turns up after all: what it finds is kept, but this round's is the one that counts.
  await inspectStep(lost!, first);
  expect(await taken("prepare")).toEqual([]);
  await inspectStep(repeated[0]!, first);
  for (const wake of await taken("prepare")) await prepareStep(wake, first);
  expect(await fromId(id)).toMatchObject({ status: "ready", items: { train: 315 } });
  await prepareStep(JSON.stringify({ dataset: id, check: 2, done: 0 }), first);
  expect(told().filter((status) => status === "ready")).toHaveLength(1);
});

test("whoever died while reading or splitting is followed by the next delivery", async () => {
  await renew(2);
  const dataset = await prepare({ model: "compliance", seed: 4, requestedBy: "test", now: NOW });
  const [message] = await taken("prepare");
  await prepareStep(message!, first);
  const stale = await taken("inspect");
  // The same message again for the first time is a copy; for the second, its holder is gone.
  await prepareStep(message!, first);
  expect(await taken("inspect")).toEqual([]);
  await prepareStep(message!, { receives: 2, now: NOW });
  const fresh = await taken("inspect");
  expect(fresh).toHaveLength(3);
  for (const chunk of [...stale, ...fresh]) await inspectStep(chunk, first);
  for (const wake of await taken("prepare")) await prepareStep(wake, first);
  expect(await fromId(dataset.id)).toMatchObject({ status: "ready" });
});

test("a file deleted or overwritten meanwhile costs another round, never a wrong line", async () => {
  await renew(3);
  const { id } = await begun(5);
  const chunks = await taken("inspect");
  for (const chunk of chunks) await inspectStep(chunk, first);
  await put(7, "Another text altogether.");
  await s3.send(new DeleteObjectCommand({ Bucket: "uploads", Key: keyOf(8) }));
  for (const wake of await taken("prepare")) await prepareStep(wake, first);
  const [more] = await taken("inspect");
  expect(JSON.parse(more!)).toMatchObject({ round: 2, keys: [keyOf(7)] });
  await inspectStep(more!, first);
  for (const wake of await taken("prepare")) await prepareStep(wake, first);
  expect(await fromId(id)).toMatchObject({
    status: "ready",
    problemCount: 1,
    problems: [{ code: "FILE_MISSING", file: keyOf(8) }],
  });
  await put(8, textOf(8));
});

test("a chunk that is given up fails its dataset with the reason, and lies in the dead letters", async () => {
  await renew(4);
  const { id } = await begun(6);
  const [chunk] = await taken("inspect");
  const objects = mockClient(S3Client);
  objects
    .on(GetObjectCommand)
    .rejects(Object.assign(new Error("Please reduce your rate"), { name: "SlowDown" }));
  await expect(inspectStep(chunk!, first)).rejects.toThrow("SlowDown");
  expect(await fromId(id)).toMatchObject({ status: "preparing" });
  await expect(inspectStep(chunk!, { receives: 5, now: NOW })).rejects.toThrow("SlowDown");
  objects.restore();
  expect(await fromId(id)).toMatchObject({
    status: "failed",
    error: { code: "STORAGE_FAILED", message: expect.stringContaining("reduce your rate") },
  });
  expect(told()).toEqual(["preparing", "failed"]);
  // What comes after the end changes nothing.
  await inspectStep(chunk!, first);
  await prepareStep(JSON.stringify({ dataset: id, after: 1 }), first);
  expect(await taken("prepare")).toEqual([]);
  expect(await fromId(id)).toMatchObject({ status: "failed" });
});
