// Stores file metadata, and reads it with the labels.
import { setTimeout as wait } from "node:timers/promises";
import { byPath } from "@sluice/labels/format/collection.ts";
import { db } from "../../db.ts";
import type { LabelItem } from "../../label/label.entity.ts";
import { streamShard } from "../../label/read.ts";
import { shards } from "../../label/shard.ts";
import { allItems } from "../../util/page.ts";
import type { FileMetadata } from "../file-metadata.entity.ts";

const firstPauseMs = 50;
const maxPauseMs = 5_000;

export async function storeFileMetadata(items: FileMetadata[]): Promise<void> {
  let rest = items;
  for (let pause = firstPauseMs; rest.length > 0; pause = Math.min(maxPauseMs, pause * 2)) {
    const { unprocessed } = await db().entities.fileMetadata.put(rest).go({ concurrency: 4 });
    const keys = new Set(unprocessed.map(({ shard, key }) => `${shard} ${key}`));
    rest = rest.filter(({ shard, key }) => keys.has(`${shard} ${key}`));
    // DynamoDB had no capacity for the rest.
    if (rest.length > 0) await wait(pause);
  }
}

const streamMetadata = (model: string, shard: string): AsyncGenerator<FileMetadata> =>
  allItems((cursor) =>
    db().entities.fileMetadata.query.byKey({ model, shard }).go({ cursor, consistent: true }),
  );

export interface LabelWithMetadata {
  label: LabelItem;
  metadata: FileMetadata | undefined;
}

/** Joins labels and metadata by key. Both are sorted by key, so the join needs no memory. */
export async function* labelsWithMetadata(model: string): AsyncGenerator<LabelWithMetadata> {
  for (const shard of shards) {
    const stream = streamMetadata(model, shard);
    let metadata = await next(stream);
    for await (const label of streamShard(model, shard)) {
      while (metadata && byPath(metadata.key, label.key) < 0) metadata = await next(stream);
      yield { label, metadata: metadata?.key === label.key ? metadata : undefined };
    }
    await stream.return(undefined);
  }
}

const next = async <T>(items: AsyncGenerator<T>) => {
  const { value, done } = await items.next();
  return done ? undefined : (value as T);
};
