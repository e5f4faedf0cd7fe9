// An asynchronous endpoint reads its input from S3 and leaves its answer there, or what went wrong.
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { InvokeEndpointAsyncCommand } from "@aws-sdk/client-sagemaker-runtime";
import { runtime } from "../aws/runtime.ts";
import { s3 } from "../aws/s3.ts";
import { SluiceError } from "../error/error.ts";
import type { Invocation } from "./invoke.ts";
import type { Surroundings } from "./retry.ts";

export interface Stored {
  bucket: string;
  key: string;
}

const everyMs = 500;

export async function askLater(what: Invocation, { bucket, key }: Stored, around: Surroundings) {
  const { OutputLocation, FailureLocation } = await runtime().send(
    new InvokeEndpointAsyncCommand({
      EndpointName: what.endpoint,
      InputLocation: `s3://${bucket}/${key}`,
      ContentType: what.contentType,
      Accept: "application/json",
      InferenceId: what.inferenceId,
    }),
  );
  while (around.now() + everyMs < what.deadline) {
    const body = await read(OutputLocation);
    if (body) return { body, variant: undefined };
    const failure = await read(FailureLocation);
    if (failure)
      throw new SluiceError(
        "MODEL_FAILED",
        `The model behind ${what.endpoint} failed: ${Buffer.from(failure).toString("utf8").slice(0, 1_000)}`,
      );
    await around.sleep(everyMs);
  }
  throw new SluiceError("ENDPOINT_TIMEOUT", `Endpoint ${what.endpoint} left no answer in time.`);
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
