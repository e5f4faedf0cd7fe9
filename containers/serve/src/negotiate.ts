// Negotiates Content-Type and Accept.
import { InferenceError } from "@sluice/inference/error.ts";
import type { Manifest } from "@sluice/inference/package.ts";

const essence = (header: string) => header.split(";")[0]!.trim().toLowerCase();

/** A JSON body has a text, or the URI of an S3 object. */
export function bodyKind(contentType: string | undefined, manifest: Manifest): "bytes" | "json" {
  const type = essence(contentType ?? "");
  if (type === "" || type === "application/octet-stream") return "bytes";
  const image = manifest.input.kind === "image";
  if (image && (type.startsWith("image/") || type === "application/x-image")) return "bytes";
  if (!image && type.startsWith("text/")) return "bytes";
  if (type === "application/json") return "json";
  throw new InferenceError(
    "UNSUPPORTED_TYPE",
    415,
    `The model '${manifest.model}' does not accept ${type}.`,
    image
      ? 'Send an image as image/jpeg, image/png or another image type, or application/json as {"s3Uri": "s3://..."}.'
      : 'Send text/plain, or application/json as {"text": "..."} or {"s3Uri": "s3://..."}.',
  );
}

export function parseJsonBody(body: Uint8Array, { input }: Manifest): { text: string } | { s3Uri: string } {
  let value: { text?: unknown; s3Uri?: unknown } | null;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as typeof value;
  } catch (error) {
    throw invalidJson(input.kind, error);
  }
  if (typeof value?.s3Uri === "string") return { s3Uri: value.s3Uri };
  if (input.kind === "text" && typeof value?.text === "string") return { text: value.text };
  throw invalidJson(input.kind, undefined);
}

export function responseType(accept: string | undefined): "application/json" | "application/jsonlines" {
  if (accept === undefined) return "application/json";
  for (const range of accept.split(",").map(essence)) {
    if (range === "application/jsonlines") return "application/jsonlines";
    if (["", "*/*", "application/*", "application/json"].includes(range)) return "application/json";
  }
  throw new InferenceError(
    "NOT_ACCEPTABLE",
    406,
    `The server returns JSON; the request accepts only ${accept.slice(0, 200)}.`,
    "Accept application/json or application/jsonlines.",
  );
}

function invalidJson(kind: "image" | "text", cause: unknown) {
  return new InferenceError(
    "REQUEST_INVALID",
    400,
    `The JSON body has no ${kind === "text" ? '"text" and no ' : ""}"s3Uri".`,
    kind === "text"
      ? 'Send {"text": "what to classify"} or {"s3Uri": "s3://bucket/key"}.'
      : 'Send {"s3Uri": "s3://bucket/key"}, or the bytes of an image with its content type.',
    cause,
  );
}
