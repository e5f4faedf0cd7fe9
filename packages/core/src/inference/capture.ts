// Inferences in SageMaker's data-capture format: JSON Lines, one file per batch.
import type { Source } from "../prediction/prediction.ts";

export interface Captured {
  id: string;
  endpoint: string;
  variant: string;
  source: Source;
  contentType: string;
  /** A text is captured itself; an image as a reference to its version. */
  text?: string;
  response: Uint8Array;
  /** Epoch ms of the invocation. */
  at: number;
}

function captureLine(item: Captured): string {
  const { bucket, key, versionId, etag } = item.source;
  const reference = JSON.stringify({ s3Uri: `s3://${bucket}/${key}`, versionId, etag });
  const input =
    item.text === undefined
      ? { observedContentType: "application/json", mode: "INPUT", data: reference, encoding: "JSON" }
      : { observedContentType: item.contentType, mode: "INPUT", data: item.text, encoding: "CSV" };
  return JSON.stringify({
    captureData: {
      endpointInput: input,
      endpointOutput: {
        observedContentType: "application/json",
        mode: "OUTPUT",
        data: Buffer.from(item.response).toString("utf8"),
        encoding: "JSON",
      },
    },
    eventMetadata: {
      eventId: item.id,
      inferenceId: item.id,
      inferenceTime: `${new Date(item.at).toISOString().slice(0, 19)}Z`,
    },
    eventVersion: "0",
  });
}

/** `capture/<endpoint>/<variant>/yyyy/mm/dd/hh/<name>.jsonl` by the UTC hour of the invocations. */
export function captureFiles(items: Captured[]): { key: string; body: string }[] {
  const files = new Map<string, Captured[]>();
  for (const item of items) {
    const hour = new Date(item.at).toISOString().slice(0, 13).replaceAll("-", "/").replace("T", "/");
    const folder = `capture/${item.endpoint}/${item.variant}/${hour}`;
    files.set(folder, [...(files.get(folder) ?? []), item]);
  }
  return [...files].map(([folder, group]) => ({
    key: `${folder}/${group[0]!.id}-${group[0]!.at}.jsonl`,
    body: `${group.map(captureLine).join("\n")}\n`,
  }));
}
