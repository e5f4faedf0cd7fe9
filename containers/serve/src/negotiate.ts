// Content-Type in, Accept out.
import { InferenceError } from "@sluice/inference/error.ts";
import type { Manifest } from "@sluice/inference/package.ts";

const essence = (header: string) => header.split(";")[0]!.trim().toLowerCase();

/** Which kind of body this is for the model; JSON wraps a text. */
export function bodyKind(contentType: string | undefined, manifest: Manifest): "bytes" | "json" {
  const type = essence(contentType ?? "");
  if (type === "" || type === "application/octet-stream") return "bytes";
  const image = manifest.input.kind === "image";
  if (image && (type.startsWith("image/") || type === "application/x-image")) return "bytes";
  if (!image && type.startsWith("text/")) return "bytes";
  if (!image && type === "application/json") return "json";
  throw new InferenceError(
    "UNSUPPORTED_TYPE",
    415,
    `The model '${manifest.model}' does not read ${type}.`,
    image
      ? "Send a picture as image/jpeg, image/png or another image type."
      : 'Send text/plain, or application/json as {"text": "..."}.',
  );
}

export function textOfJson(body: Uint8Array): string {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw notText(error);
  }
  const text = (value as { text?: unknown } | null)?.text;
  if (typeof text !== "string") throw notText(undefined);
  return text;
}

export function answerType(accept: string | undefined): "application/json" | "application/jsonlines" {
  if (accept === undefined) return "application/json";
  for (const range of accept.split(",").map(essence)) {
    if (range === "application/jsonlines") return "application/jsonlines";
    if (["", "*/*", "application/*", "application/json"].includes(range)) return "application/json";
  }
  throw new InferenceError(
    "NOT_ACCEPTABLE",
    406,
    `Answers are JSON; ${accept.slice(0, 200)} was asked for.`,
    "Accept application/json or application/jsonlines.",
  );
}

function notText(cause: unknown) {
  return new InferenceError(
    "REQUEST_INVALID",
    400,
    'The JSON body holds no "text".',
    'Send {"text": "what to classify"}.',
    cause,
  );
}
