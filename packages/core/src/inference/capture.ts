// Inferences in SageMaker's data-capture format: JSON Lines, one file per batch.
import { createHash } from "node:crypto";
import type { Source } from "../prediction/prediction.ts";

export interface Captured {
  id: string;
  endpoint: string;
  variant: string;
  input: CapturedInput;
  /** The response as the endpoint sent it, with its descriptors. */
  response: Uint8Array;
  /** Epoch ms of the invocation. */
  at: number;
}

interface CapturedInput {
  observedContentType: string;
  encoding: "JSON" | "CSV";
  data: string;
}

/** A longer text of a request is captured as its size and digest. */
const MAX_TEXT_BYTES = 4_096;

/** Decides by the id, so that a repeated prediction is captured again or not at all. `share`: 0 to 1. */
export function isCaptured(id: string, share: number): boolean {
  return createHash("sha256").update(`capture ${id}`).digest().readUInt32BE(0) < share * 2 ** 32;
}

/** The bytes stay in S3; the capture names their version. */
export function referenceInput({ bucket, key, versionId, etag }: Source): CapturedInput {
  return jsonInput({ s3Uri: `s3://${bucket}/${key}`, versionId, etag });
}

/** The input of a request, which is stored nowhere: a short text itself, anything else as size and digest. */
export function requestInput(bytes: Uint8Array, contentType: string): CapturedInput {
  if (/^(text\/|application\/json)/.test(contentType) && bytes.byteLength <= MAX_TEXT_BYTES)
    return {
      observedContentType: contentType,
      encoding: "CSV",
      data: Buffer.from(bytes).toString("utf8"),
    };
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return jsonInput({ contentType, bytes: bytes.byteLength, sha256 });
}

const jsonInput = (value: object): CapturedInput => ({
  observedContentType: "application/json",
  encoding: "JSON",
  data: JSON.stringify(value),
});

function captureLine({ id, input, response, at }: Captured): string {
  const { observedContentType, data, encoding } = input;
  return JSON.stringify({
    captureData: {
      endpointInput: { observedContentType, mode: "INPUT", data, encoding },
      endpointOutput: {
        observedContentType: "application/json",
        mode: "OUTPUT",
        data: Buffer.from(response).toString("utf8"),
        encoding: "JSON",
      },
    },
    eventMetadata: {
      eventId: id,
      inferenceId: id,
      inferenceTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
    },
    eventVersion: "0",
  });
}

export const CAPTURE_PREFIX = "capture";

/** `2026/11/21/04`: the folder of a UTC hour. */
export const hourFolder = (at: number) =>
  new Date(at).toISOString().slice(0, 13).replaceAll("-", "/").replace("T", "/");

/** `capture/<endpoint>/<variant>/yyyy/mm/dd/hh/<name>.jsonl` by the UTC hour of the invocations. */
export function captureFiles(items: Captured[]): { key: string; body: string }[] {
  const files = new Map<string, Captured[]>();
  for (const item of items) {
    const folder = `${CAPTURE_PREFIX}/${item.endpoint}/${item.variant}/${hourFolder(item.at)}`;
    files.set(folder, [...(files.get(folder) ?? []), item]);
  }
  return [...files].map(([folder, group]) => ({
    key: `${folder}/${group[0]!.id}-${group[0]!.at}.jsonl`,
    body: `${group.map(captureLine).join("\n")}\n`,
  }));
}
