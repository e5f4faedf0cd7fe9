// Reads an S3 object with the container's role. The SDK is loaded with the first such request: it slows the start.
import type { S3Client } from "@aws-sdk/client-s3";
import { InferenceError } from "@sluice/inference/error.ts";

let opened: Promise<{ client: S3Client; sdk: typeof import("@aws-sdk/client-s3") }> | undefined;
const openClient = () =>
  (opened ??= import("@aws-sdk/client-s3").then((sdk) => ({ client: new sdk.S3Client({}), sdk })));

export async function readObject(s3Uri: string, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const [, Bucket, Key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/su.exec(s3Uri) ?? [];
  if (!Bucket || !Key)
    throw new InferenceError(
      "REQUEST_INVALID",
      400,
      `'${s3Uri.slice(0, 200)}' is not an S3 URI.`,
      "Write it as s3://bucket/key.",
    );
  const { client, sdk } = await openClient();
  try {
    const { Body, ContentLength = 0 } = await client.send(new sdk.GetObjectCommand({ Bucket, Key }), {
      abortSignal: signal,
    });
    if (ContentLength > maxBytes) {
      await Body?.transformToWebStream().cancel();
      throw new InferenceError(
        "BODY_TOO_LARGE",
        413,
        `${s3Uri} has ${ContentLength} bytes; the limit is ${maxBytes}.`,
        "Use a smaller object, or raise SLUICE_MAX_OBJECT_BYTES.",
      );
    }
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    if (error instanceof InferenceError) throw error;
    throw objectError(s3Uri, error as Error);
  }
}

function objectError(s3Uri: string, error: Error): InferenceError {
  const details = (code: "OBJECT_NOT_FOUND" | "OBJECT_FORBIDDEN" | "OBJECT_UNREADABLE", status: number) =>
    [code, status, `${s3Uri} cannot be read: ${error.name}: ${error.message.slice(0, 200)}`] as const;
  if (error.name === "NoSuchKey" || error.name === "NoSuchBucket")
    return new InferenceError(
      ...details("OBJECT_NOT_FOUND", 404),
      "Check the bucket's name and the key.",
      error,
    );
  if (error.name === "AccessDenied")
    return new InferenceError(
      ...details("OBJECT_FORBIDDEN", 403),
      "Grant the model's execution role s3:GetObject on the object.",
      error,
    );
  return new InferenceError(
    ...details("OBJECT_UNREADABLE", 502),
    "Try again; outside AWS the container needs credentials and a region in its environment.",
    error,
  );
}
