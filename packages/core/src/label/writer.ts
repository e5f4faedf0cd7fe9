// Writes a stream of labels in batches. Each shard writes one batch at a time, beside the others.
import type { ClassCounts } from "./class-counts.ts";
import { jsonBytes, type LabelInput } from "./label.ts";
import { addCounts, type ImportCounts, type LabelChange, type WriteContext, zeroCounts } from "./plan.ts";
import { shardOf } from "./shard.ts";
import { writeLabels } from "./write.ts";

/** A transaction holds 100 items: one is for the counts, one for an event. */
const maxBatch = 98;
/** A transaction holds 4 MB, and the labels that are replaced may be larger. */
const maxBatchBytes = 1_000_000;

interface Shard {
  batch: Map<string, LabelInput>;
  bytes: number;
  writing: Promise<void>;
  counts?: ClassCounts;
}

export function labelWriter(context: WriteContext) {
  const shards = new Map<string, Shard>();
  let total = zeroCounts();

  /** Waits for the shard's earlier batch, not for this one. */
  async function flush(name: string, shard: Shard): Promise<void> {
    const changes: LabelChange[] = [...shard.batch].map(([key, label]) => ({ type: "set", key, label }));
    shard.batch = new Map();
    shard.bytes = 0;
    await shard.writing;
    if (changes.length === 0) return;
    shard.writing = writeLabels(context, name, changes, { counts: shard.counts }).then((result) => {
      shard.counts = result.counts;
      total = addCounts(total, result.outcome);
    });
    // The next batch or `end` awaits this promise and throws its error.
    shard.writing.catch(() => {});
  }

  return {
    /** Resolves when the next label can be added. */
    async add(label: LabelInput): Promise<void> {
      const name = shardOf(label.key);
      let shard = shards.get(name);
      if (!shard) shards.set(name, (shard = { batch: new Map(), bytes: 0, writing: Promise.resolve() }));
      const before = shard.batch.get(label.key);
      if (before && before.labelledAt > label.labelledAt) return;
      shard.batch.set(label.key, label);
      shard.bytes += itemBytes(label);
      if (shard.batch.size >= maxBatch || shard.bytes >= maxBatchBytes) await flush(name, shard);
    },
    /** Writes the rest. Returns the counts of all labels. */
    async end(): Promise<ImportCounts> {
      await Promise.all([...shards].map(([name, shard]) => flush(name, shard)));
      await Promise.all([...shards.values()].map(({ writing }) => writing));
      return total;
    },
  };
}

/** The item and its indexes repeat the key. */
const itemBytes = (label: LabelInput) => 500 + label.key.length * 4 + jsonBytes(label);
