// An asynchronous endpoint reads its input from S3 and writes its response, or its failure, there.
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { InvokeEndpointAsyncCommand } from "@aws-sdk/client-sagemaker-runtime";
import * as z from "zod";
import { s3 } from "../aws/s3.ts";
import { sagemakerRuntime } from "../aws/sagemaker-runtime.ts";
import { SluiceError } from "../error/error.ts";
import { storageError } from "../object/fetch.ts";
import type { Runtime } from "../util/runtime.ts";
import { connectionLost, isConnectionLost } from "./classify.ts";
import type { Invocation, StoredInput } from "./invocation.ts";

const PendingRequest = z.object({
  endpoint: z.string(),
  output: z.string(),
  failure: z.string().optional(),
  /** Epoch ms. */
  requestedAt: z.number(),
});
type PendingRequest = z.output<typeof PendingRequest>;

const POLL_MS = 500;
/** Longer than a queue retries, shorter than a request may wait: an older request may have expired. */
const PENDING_MS = 3_600_000;

/**
 * A slow model, or one that has to start first, responds after the deadline of the attempt. The next attempt waits for
 * that response instead of sending, and paying for, a second request.
 */
export async function invokeAsync(request: Invocation, stored: StoredInput, runtime: Runtime) {
  const pending =
    (await readPending(request, stored, runtime.now())) ?? (await send(request, stored, runtime.now()));
  while (runtime.now() + POLL_MS < request.deadline) {
    const body = await read(pending.output);
    if (body) return { body, variant: undefined };
    const failure = await read(pending.failure);
    if (failure) {
      await writePending(stored, undefined);
      throw failureError(request.endpoint, Buffer.from(failure).toString("utf8").slice(0, 1_000));
    }
    await runtime.sleep(POLL_MS);
  }
  throw new SluiceError("ENDPOINT_TIMEOUT", `Endpoint ${request.endpoint} wrote no response in time.`);
}

function failureError(endpoint: string, reason: string): SluiceError {
  if (!isConnectionLost(reason))
    return new SluiceError("MODEL_FAILED", `The model behind ${endpoint} failed: ${reason}`);
  const { code, message, hint } = connectionLost(endpoint, reason);
  return new SluiceError(code, message, { hint });
}

async function send(request: Invocation, stored: StoredInput, now: number): Promise<PendingRequest> {
  const { OutputLocation, FailureLocation } = await sagemakerRuntime().send(
    new InvokeEndpointAsyncCommand({
      EndpointName: request.endpoint,
      InputLocation: `s3://${stored.bucket}/${stored.key}`,
      ContentType: request.contentType,
      Accept: "application/json",
      InferenceId: request.inferenceId,
    }),
  );
  const pending = {
    endpoint: request.endpoint,
    output: OutputLocation!,
    failure: FailureLocation,
    requestedAt: now,
  };
  await writePending(stored, pending);
  return pending;
}

async function readPending(
  { endpoint }: Invocation,
  { bucket, pendingKey }: StoredInput,
  now: number,
): Promise<PendingRequest | undefined> {
  const found = pendingKey === undefined ? undefined : await read(`s3://${bucket}/${pendingKey}`);
  const text = found && Buffer.from(found).toString("utf8");
  const pending = text && PendingRequest.nullable().safeParse(JSON.parse(text)).data;
  if (!pending || pending.endpoint !== endpoint) return undefined;
  return now - pending.requestedAt < PENDING_MS ? pending : undefined;
}

/** Undefined after a failure: the next attempt sends a new request. */
async function writePending(
  { bucket, pendingKey: key }: StoredInput,
  pending: PendingRequest | undefined,
): Promise<void> {
  if (key === undefined) return;
  const Body = JSON.stringify(pending ?? null);
  await s3()
    .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: "application/json" }))
    .catch((error: unknown) => {
      throw storageError(error, "s3:PutObject", bucket, key);
    });
}

async function read(location: string | undefined): Promise<Uint8Array | undefined> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location ?? "") ?? [];
  if (!bucket || !key) return undefined;
  try {
    const output = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await output.Body?.transformToByteArray();
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}
