// Inspects the files of a chunk and stores their metadata. A repeated chunk is counted once.
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { problems, type ProblemCode } from "@sluice/labels/format/problem.ts";
import { DEFAULT_LIMITS, inspectBytes } from "@sluice/labels/inspect/inspect-file.ts";
import { buckets } from "../../aws/link.ts";
import { s3 } from "../../aws/s3.ts";
import { db } from "../../db.ts";
import { commit } from "../../event/record.ts";
import { shardOf } from "../../label/shard.ts";
import { type DeclaredModel, getModel } from "../../model/model.ts";
import { storageError } from "../../object/fetch.ts";
import { mapConcurrently } from "../../util/map-concurrently.ts";
import type { FileMetadata, FileProblem } from "../file-metadata.entity.ts";
import type { Chunk } from "./chunks.ts";
import { storeFileMetadata } from "./file-metadata.ts";
import { sendPrepareMessage } from "./message.ts";

const concurrentReads = 8;
/** A chunk's record outlives every message that could repeat it. */
const recordSeconds = 30 * 86_400;

export async function inspectChunk(chunk: Chunk, now: number): Promise<void> {
  const model = getModel(chunk.model);
  const found: FileMetadata[] = [];
  try {
    await mapConcurrently(concurrentReads, chunk.keys, async (key) => {
      const metadata = await inspectObject(model, key);
      if (metadata) found.push(metadata);
    });
  } finally {
    // If one file fails, a retry does not read the others again.
    await storeFileMetadata(found);
  }
  await countChunk(chunk, now);
}

/** `undefined` for a deleted file: the next round reports it as missing. */
async function inspectObject(model: DeclaredModel, key: string): Promise<FileMetadata | undefined> {
  const bucket = buckets.uploads();
  try {
    const output = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const etag = output.ETag?.replaceAll('"', "") ?? "";
    const size = output.ContentLength ?? 0;
    const object = { model: model.name, shard: shardOf(key), key, etag, size };
    if (size > DEFAULT_LIMITS.maxBytes) {
      // Closing the connection is cheaper than reading the rest.
      (output.Body as { destroy?(): void } | undefined)?.destroy?.();
      const reason = `${key} has ${size} bytes; the limit is ${DEFAULT_LIMITS.maxBytes}.`;
      return { ...object, problem: problemOf("FILE_TOO_LARGE", reason) };
    }
    const bytes = (await output.Body?.transformToByteArray()) ?? new Uint8Array();
    return { ...object, ...(await inspectContent(model, key, bytes)) };
  } catch (error) {
    const failure = storageError(error, "s3:GetObject", bucket, key);
    if (failure.code === "OBJECT_GONE") return undefined;
    throw failure;
  }
}

type Content = Pick<FileMetadata, "hash" | "looks" | "takenAt" | "width" | "height" | "problem">;

async function inspectContent({ task }: DeclaredModel, key: string, bytes: Uint8Array): Promise<Content> {
  const inspection = await inspectBytes(bytes);
  if (inspection.kind === "unreadable")
    return { problem: problemOf(inspection.code, `${key}: ${inspection.reason}`) };
  const expected = task === "text-classification" ? "text" : "image";
  if (inspection.kind !== expected)
    return {
      problem: problemOf(
        "FILE_TYPE_UNKNOWN",
        `${key} is not ${expected === "text" ? "a text" : "an image"}.`,
      ),
    };
  const hash = inspection.sha256.slice(0, 32);
  if (inspection.kind === "text") return { hash };
  const { hash: looks, takenAt, width, height } = inspection;
  return { hash, looks, takenAt, width, height };
}

const problemOf = (code: ProblemCode, message: string): FileProblem => ({
  code,
  message,
  fix: problems[code].fix,
});

async function countChunk({ dataset: id, round, chunk, keys }: Chunk, now: number): Promise<void> {
  const expires = Math.floor(now / 1_000) + recordSeconds;
  await commit([], now, ({ dataset, datasetChunk }) => [
    datasetChunk
      .put({ dataset: id, round, chunk, expires })
      .where((is, { notExists }) => notExists(is.chunk))
      .commit(),
    dataset
      .update({ id })
      .add({ chunksDone: 1, filesDone: keys.length })
      .set({ changedAt: new Date(now).toISOString() })
      .where((is, { eq }) => `${eq(is.round, round)} AND ${eq(is.status, "preparing")}`)
      .commit(),
  ]);
  // Also for a repeated chunk: the function that counted it may have died before it sent the message.
  const { data } = await db().entities.dataset.get({ id }).go({ consistent: true });
  if (data?.status !== "preparing" || data.round !== round || data.chunks === undefined) return;
  if ((data.chunksDone ?? 0) >= data.chunks)
    await sendPrepareMessage({ type: "inspected", dataset: id, round });
}
