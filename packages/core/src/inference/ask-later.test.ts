import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { askLater } from "./ask-later.ts";

const s3 = mockClient(S3Client);
const runtime = mockClient(SageMakerRuntimeClient);
vi.stubEnv("AWS_REGION", "eu-central-1");
vi.stubEnv("AWS_ACCESS_KEY_ID", "a");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", "b");
afterAll(() => {
  vi.unstubAllEnvs();
  s3.restore();
  runtime.restore();
});

const files = new Map<string, string>();
let now: number;
let asked: number;
beforeEach(() => {
  files.clear();
  now = Date.parse("2026-11-21T08:00:00Z");
  asked = 0;
  s3.reset();
  runtime.reset();
  s3.on(GetObjectCommand).callsFake(async ({ Key }) => {
    const text = files.get(Key);
    if (text === undefined) throw Object.assign(new Error("none"), { name: "NoSuchKey" });
    return { Body: { transformToByteArray: async () => Buffer.from(text) } };
  });
  s3.on(PutObjectCommand).callsFake(async ({ Key, Body }) => void files.set(Key, Body));
  runtime.on(InvokeEndpointAsyncCommand).callsFake(async () => {
    asked += 1;
    return { OutputLocation: `s3://results/${asked}.out`, FailureLocation: `s3://results/${asked}.error` };
  });
});

const around = {
  now: () => now,
  sleep: async (ms: number) => void (now += ms),
  random: () => 0,
  print: () => {},
};
const stored = { bucket: "results", key: "async/input/p", note: "async/input/p.asked" };
const ask = (endpoint = "e") => {
  const what = {
    endpoint,
    task: "image-classification" as const,
    bytes: new Uint8Array(),
    contentType: "image/png",
  };
  return askLater({ ...what, inferenceId: "p", deadline: now + 10_000 }, stored, around);
};
const late = { code: "ENDPOINT_TIMEOUT" };

test("an answer that comes after the deadline is the next try's, and nothing is asked twice", async () => {
  await expect(ask()).rejects.toMatchObject(late);
  await expect(ask()).rejects.toMatchObject(late);
  files.set("1.out", "the answer");
  expect(Buffer.from((await ask()).body).toString()).toBe("the answer");
  expect(asked).toBe(1);
});

test("another endpoint, a failure, or too long a time is reason to ask again", async () => {
  await expect(ask()).rejects.toMatchObject(late);
  await expect(ask("other")).rejects.toMatchObject(late);
  expect(asked).toBe(2);
  files.set("2.error", "out of memory");
  await expect(ask("other")).rejects.toMatchObject({ code: "MODEL_FAILED" });
  await expect(ask("other")).rejects.toMatchObject(late);
  expect(asked).toBe(3);
  now += 3_600_000;
  await expect(ask("other")).rejects.toMatchObject(late);
  expect(asked).toBe(4);
});

test("a lost connection to the model is worth another try", async () => {
  await expect(ask()).rejects.toMatchObject(late);
  files.set("1.error", 'Received server error (0) from primary with message "could not get a response".');
  await expect(ask()).rejects.toMatchObject({ code: "ENDPOINT_UNAVAILABLE", retryable: true });
  await expect(ask()).rejects.toMatchObject(late);
  expect(asked).toBe(2);
});
