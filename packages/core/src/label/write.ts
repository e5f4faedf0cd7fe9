// Writes label changes of one shard. Labels, counts and events are written in one transaction.
import { getAll } from "../util/get-all.ts";
import { db, type Writers } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import type { StoredEvent } from "../events.ts";
import { type CommitEvent, commit } from "../event/record.ts";
import { type ClassCounts, emptyCounts } from "./class-counts.ts";
import { jsonBytes } from "./label.ts";
import type { LabelItem } from "./label.entity.ts";
import {
  addCounts,
  type ImportCounts,
  type LabelChange,
  planChanges,
  type WriteContext,
  type WritePlan,
  zeroCounts,
} from "./plan.ts";

/** A transaction holds 4 MB. Rewritten labels may be larger than the changes that rewrite them. */
const maxTransactionBytes = 3_500_000;
/** Attempts while others write to the same shard. */
const maxAttempts = 20;

interface Options {
  /** The expected counts of the shard. They are read when absent or outdated. */
  counts?: ClassCounts;
  /** Events of the same transaction. */
  events?: (outcome: ImportCounts) => StoredEvent[];
  /** Other writes of the same transaction, built before each attempt. `undefined` cancels the write. */
  alsoWrite?: () => Promise<OtherWrites | undefined>;
}

export interface OtherWrites {
  writes: (writers: Writers) => object[];
  events: CommitEvent[];
}

export interface WriteResult {
  outcome: ImportCounts;
  counts: ClassCounts;
}

/** Writes all changes or none. At most 98 of them, all of the given shard. */
export async function writeLabels(
  context: WriteContext,
  shard: string,
  changes: LabelChange[],
  options: Options = {},
): Promise<WriteResult> {
  let { counts } = options;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const otherWrites = await options.alsoWrite?.();
    counts ??= await readCounts(context.model, shard);
    if (options.alsoWrite && !otherWrites) return { outcome: zeroCounts(), counts };
    const existing = counts.total === 0 ? new Map() : await readExisting(context.model, shard, changes);
    const plan = planChanges(changes, existing, { ...context, shard }, counts);
    if (existing.size > 0 && changes.length > 1 && isTooLarge(plan))
      return writeHalves(context, shard, changes, { ...options, counts });
    const isEmpty = plan.puts.length + plan.removals.length === 0;
    if (isEmpty && !otherWrites) return { outcome: plan.outcome, counts };
    const written = isEmpty ? counts : { ...plan.counts, version: counts.version + 1 };
    const before = counts.version;
    const events = isEmpty ? [] : (options.events?.(plan.outcome) ?? []);
    const done = await commit([...events, ...(otherWrites?.events ?? [])], context.now, (writers) => [
      ...(isEmpty ? [] : labelWrites(writers, { model: context.model, shard }, plan, written, before)),
      ...(otherWrites?.writes(writers) ?? []),
    ]);
    if (done) return { outcome: plan.outcome, counts: written };
    counts = undefined;
  }
  throw new SluiceError(
    "LABELS_BUSY",
    `Labels of ${context.model} were not written: other writers changed them ${maxAttempts} times.`,
  );
}

const isTooLarge = ({ puts }: WritePlan) =>
  puts.reduce((sum, item) => sum + jsonBytes(item), 0) > maxTransactionBytes;

async function writeHalves(context: WriteContext, shard: string, changes: LabelChange[], options: Options) {
  const middle = Math.ceil(changes.length / 2);
  const first = await writeLabels(context, shard, changes.slice(0, middle), options);
  const second = await writeLabels(context, shard, changes.slice(middle), {
    ...options,
    counts: first.counts,
  });
  return { outcome: addCounts(first.outcome, second.outcome), counts: second.counts };
}

/** The counts' version is the lock of the shard. */
function labelWrites(
  { label, labelShard }: Writers,
  at: { model: string; shard: string },
  { puts, removals }: WritePlan,
  counts: ClassCounts,
  versionBefore: number,
): object[] {
  return [
    labelShard
      .put({ ...at, ...counts })
      .where((is, { eq, notExists }) =>
        versionBefore === 0 ? notExists(is.version) : eq(is.version, versionBefore),
      )
      .commit(),
    ...puts.map((item) => label.put(item).commit()),
    ...removals.map((key) => label.delete({ ...at, key }).commit()),
  ];
}

async function readCounts(model: string, shard: string): Promise<ClassCounts> {
  const { data } = await db().entities.labelShard.get({ model, shard }).go({ consistent: true });
  return data ? { version: data.version, total: data.total, classes: data.classes } : emptyCounts();
}

async function readExisting(
  model: string,
  shard: string,
  changes: readonly LabelChange[],
): Promise<Map<string, LabelItem>> {
  const items = await getAll(
    changes.map(({ key }) => ({ model, shard, key })),
    (keys) => db().entities.label.get(keys).go({ consistent: true }),
  );
  return new Map(items.map((item) => [item.key, item]));
}
