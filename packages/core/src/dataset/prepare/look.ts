// Looks at a chunk of files, each read once, and counts the chunk once however often its message comes.
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { buckets } from "../../aws/link.ts";
import { s3 } from "../../aws/s3.ts";
import { db } from "../../db.ts";
import { commit } from "../../event/record.ts";
import { shardOf } from "../../label/shard.ts";
import { type Declared, model as modelNamed } from "../../model/model.ts";
import { storageError } from "../../object/fetch.ts";
import { atMost } from "../../util/at-most.ts";
import type { FactItem } from "../fact.entity.ts";
import { problems, type ProblemCode } from "@sluice/labels/format/problem.ts";
import { LIMITS, lookAt } from "@sluice/labels/inspect/inspect-file.ts";
import { wake } from "../request.ts";
import type { Chunk } from "./chunks.ts";
import { keep } from "./facts.ts";

const readsAtOnce = 8;
/** A chunk's mark outlives every message that could repeat it. */
const keptSeconds = 30 * 86_400;

export async function inspect(chunk: Chunk, now: number): Promise<void> {
  const model = modelNamed(chunk.model);
  const facts: FactItem[] = [];
  try {
    await atMost(readsAtOnce, chunk.keys, async (key) => {
      const fact = await look(model, key);
      if (fact) facts.push(fact);
    });
  } finally {
    // What was read before another file failed need not be read again.
    await keep(facts);
  }
  await count(chunk, now);
}

/** Nothing for a file that is gone: the next round misses it. */
async function look(model: Declared, key: string): Promise<FactItem | undefined> {
  const bucket = buckets.uploads();
  try {
    const output = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const etag = output.ETag?.replaceAll('"', "") ?? "";
    const size = output.ContentLength ?? 0;
    const about = { model: model.name, shard: shardOf(key), key, etag, size };
    if (size > LIMITS.maxBytes) {
      // Not read: closing the connection costs less than what is left of the file.
      (output.Body as { destroy?(): void } | undefined)?.destroy?.();
      const bound = `${size} bytes; the limit is ${LIMITS.maxBytes}`;
      return { ...about, problem: problemOf("FILE_TOO_LARGE", `${key} has ${bound}.`) };
    }
    const seen = await lookAt((await output.Body?.transformToByteArray()) ?? new Uint8Array());
    if (seen.kind === "unreadable")
      return { ...about, problem: problemOf(seen.code, `${key}: ${seen.reason}`) };
    const wanted = model.task === "text-classification" ? "text" : "image";
    if (seen.kind !== wanted)
      return { ...about, problem: problemOf("FILE_TYPE_UNKNOWN", `${key} is no ${wanted}.`) };
    const hash = seen.sha256.slice(0, 32);
    if (seen.kind === "text") return { ...about, hash };
    const { hash: looks, takenAt, width, height } = seen;
    return { ...about, hash, looks, takenAt, width, height };
  } catch (error) {
    const failure = storageError(error, "s3:GetObject", bucket, key);
    if (failure.code === "OBJECT_GONE") return undefined;
    throw failure;
  }
}

const problemOf = (code: ProblemCode, message: string) => ({ code, message, fix: problems[code].fix });

async function count({ dataset: id, round, chunk, keys }: Chunk, now: number): Promise<void> {
  const expires = Math.floor(now / 1_000) + keptSeconds;
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
  // Also when it was counted before: whoever did may have died before waking the dataset.
  const { data } = await db().entities.dataset.get({ id }).go({ consistent: true });
  if (data?.status !== "preparing" || data.round !== round || data.chunks === undefined) return;
  if ((data.chunksDone ?? 0) >= data.chunks) await wake(id, 0, { after: round });
}
