// An asynchronous endpoint reads its input from S3 and leaves its answer there, or what went wrong.
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { InvokeEndpointAsyncCommand } from "@aws-sdk/client-sagemaker-runtime";
import * as z from "zod";
import { runtime } from "../aws/runtime.ts";
import { s3 } from "../aws/s3.ts";
import { SluiceError } from "../error/error.ts";
import { storageError } from "../object/fetch.ts";
import { connectionLost, isConnectionLost } from "./classify.ts";
import type { Invocation } from "./invoke.ts";
import type { Surroundings } from "./retry.ts";

export interface Stored {
  bucket: string;
  key: string;
  /** Where it is noted that it was asked, for a try that comes after this one. */
  note?: string;
}

const Note = z.object({
  endpoint: z.string(),
  output: z.string(),
  failure: z.string().optional(),
  /** Epoch ms. */
  askedAt: z.number(),
});
type Note = z.output<typeof Note>;

const everyMs = 500;
/** Longer than a queue tries, shorter than a request may wait: one asked before may have expired. */
const noteHoldsMs = 3_600_000;

/**
 * A model that is slow, or has to be started first, answers after the deadline of the try that asked it. The next try
 * waits for that answer instead of asking, and paying, a second time.
 */
export async function askLater(what: Invocation, stored: Stored, around: Surroundings) {
  const asked = (await askedBefore(what, stored, around)) ?? (await ask(what, stored, around));
  while (around.now() + everyMs < what.deadline) {
    const body = await read(asked.output);
    if (body) return { body, variant: undefined };
    const failure = await read(asked.failure);
    if (failure) {
      await note(stored, undefined);
      throw failed(what.endpoint, Buffer.from(failure).toString("utf8").slice(0, 1_000));
    }
    await around.sleep(everyMs);
  }
  throw new SluiceError("ENDPOINT_TIMEOUT", `Endpoint ${what.endpoint} left no answer in time.`);
}

function failed(endpoint: string, reason: string): SluiceError {
  if (!isConnectionLost(reason))
    return new SluiceError("MODEL_FAILED", `The model behind ${endpoint} failed: ${reason}`);
  const { code, message, hint } = connectionLost(endpoint, reason);
  return new SluiceError(code, message, { hint });
}

async function ask(what: Invocation, stored: Stored, around: Surroundings): Promise<Note> {
  const { OutputLocation, FailureLocation } = await runtime().send(
    new InvokeEndpointAsyncCommand({
      EndpointName: what.endpoint,
      InputLocation: `s3://${stored.bucket}/${stored.key}`,
      ContentType: what.contentType,
      Accept: "application/json",
      InferenceId: what.inferenceId,
    }),
  );
  const asked = {
    endpoint: what.endpoint,
    output: OutputLocation!,
    failure: FailureLocation,
    askedAt: around.now(),
  };
  await note(stored, asked);
  return asked;
}

async function askedBefore(
  { endpoint }: Invocation,
  { bucket, note }: Stored,
  around: Surroundings,
): Promise<Note | undefined> {
  const found = note === undefined ? undefined : await read(`s3://${bucket}/${note}`);
  const asked = found && Note.nullable().safeParse(JSON.parse(Buffer.from(found).toString("utf8"))).data;
  if (!asked || asked.endpoint !== endpoint) return undefined;
  return around.now() - asked.askedAt < noteHoldsMs ? asked : undefined;
}

/** Nothing: what was asked came to nothing. */
async function note({ bucket, note: key }: Stored, asked: Note | undefined): Promise<void> {
  if (key === undefined) return;
  const Body = JSON.stringify(asked ?? null);
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
