import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { invokeAsync } from "./invoke-async.ts";

const s3 = mockClient(S3Client);
const sagemaker = mockClient(SageMakerRuntimeClient);
vi.stubEnv("AWS_REGION", "eu-central-1");
vi.stubEnv("AWS_ACCESS_KEY_ID", "a");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", "b");
afterAll(() => {
  vi.unstubAllEnvs();
  s3.restore();
  sagemaker.restore();
});

const files = new Map<string, string>();
let now: number;
let requests: number;
beforeEach(() => {
  files.clear();
  now = Date.parse("2026-11-21T08:00:00Z");
  requests = 0;
  s3.reset();
  sagemaker.reset();
  s3.on(GetObjectCommand).callsFake(async ({ Key }) => {
    const text = files.get(Key);
    if (text === undefined) throw Object.assign(new Error("none"), { name: "NoSuchKey" });
    return { Body: { transformToByteArray: async () => Buffer.from(text) } };
  });
  s3.on(PutObjectCommand).callsFake(async ({ Key, Body }) => void files.set(Key, Body));
  sagemaker.on(InvokeEndpointAsyncCommand).callsFake(async () => {
    requests += 1;
    return {
      OutputLocation: `s3://results/${requests}.out`,
      FailureLocation: `s3://results/${requests}.error`,
    };
  });
});

const runtime = {
  now: () => now,
  sleep: async (ms: number) => void (now += ms),
  random: () => 0,
  print: () => {},
};
const stored = { bucket: "results", key: "async/input/p", pendingKey: "async/input/p.pending" };
const invoke = (endpoint = "e") => {
  const request = {
    endpoint,
    task: "image-classification" as const,
    bytes: new Uint8Array(),
    contentType: "image/png",
  };
  return invokeAsync({ ...request, inferenceId: "p", deadline: now + 10_000 }, stored, runtime);
};
const late = { code: "ENDPOINT_TIMEOUT" };

test("the next attempt uses a response that arrives after the deadline, without a second request", async () => {
  await expect(invoke()).rejects.toMatchObject(late);
  await expect(invoke()).rejects.toMatchObject(late);
  files.set("1.out", "the response");
  expect(Buffer.from((await invoke()).body).toString()).toBe("the response");
  expect(requests).toBe(1);
});

test("another endpoint, a failure, or an old request leads to a new request", async () => {
  await expect(invoke()).rejects.toMatchObject(late);
  await expect(invoke("other")).rejects.toMatchObject(late);
  expect(requests).toBe(2);
  files.set("2.error", "out of memory");
  await expect(invoke("other")).rejects.toMatchObject({ code: "MODEL_FAILED" });
  await expect(invoke("other")).rejects.toMatchObject(late);
  expect(requests).toBe(3);
  now += 3_600_000;
  await expect(invoke("other")).rejects.toMatchObject(late);
  expect(requests).toBe(4);
});

test("a lost connection to the model is retried", async () => {
  await expect(invoke()).rejects.toMatchObject(late);
  files.set("1.error", 'Received server error (0) from primary with message "could not get a response".');
  await expect(invoke()).rejects.toMatchObject({ code: "ENDPOINT_UNAVAILABLE", retryable: true });
  await expect(invoke()).rejects.toMatchObject(late);
  expect(requests).toBe(2);
});
