// Labels into the table, many at once: a lane for each partition, a transaction for each hundred.
import { db, type Writers } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import type { StoredEvent } from "../events.ts";
import { digestOf, enriched } from "./digest.ts";
import { type Earlier, jsonBytes, type Said } from "./label.ts";
import { type LabelItem, unfiled } from "./label.entity.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import { shardOf } from "./shard.ts";
import { counted, emptyTally, type Tally } from "./tally.ts";

/** A transaction takes 100 items; one of them counts, one may tell. */
const perWrite = 98;
/** A transaction takes 4 MB; the item that is replaced is read as well. */
const bytesPerWrite = 1_000_000;
/** What stood there may be larger than what replaces it, and is written again with it. */
const mostBytesWritten = 3_500_000;
const historyKept = 5;
/** How often others may have written the same partition in between. */
const attempts = 20;

export interface Outcome {
  added: number;
  changed: number;
  unchanged: number;
  /** Left as they were: what stands there was labelled later. */
  older: number;
  removed: number;
}

export const nothing = (): Outcome => ({ added: 0, changed: 0, unchanged: 0, older: 0, removed: 0 });

/** `Said`, or nothing to take the label away. */
export type Wish = { key: string; said: Said | undefined };

interface By {
  model: string;
  source: string;
  now: number;
  /** The import that brings them. */
  importId?: string;
  /** It was begun before: what it wrote then still counts as added or changed. */
  again?: boolean;
}

/** Takes labels one by one and writes them in bulk; `end` writes the rest and tells what became of all. */
export function writer(by: By) {
  const lanes = new Map<string, Lane>();
  const sum = nothing();
  return {
    /** Resolves when there is room for the next one. */
    async add(said: Said): Promise<void> {
      const shard = shardOf(said.key);
      let lane = lanes.get(shard);
      if (!lane) lanes.set(shard, (lane = { wishes: new Map(), bytes: 0, writing: Promise.resolve() }));
      const before = lane.wishes.get(said.key)?.said;
      if (before && before.labelledAt > said.labelledAt) return;
      lane.wishes.set(said.key, { key: said.key, said });
      lane.bytes += sizeOf(said);
      if (lane.wishes.size >= perWrite || lane.bytes >= bytesPerWrite) await write(shard, lane);
    },
    async end(): Promise<Outcome> {
      await Promise.all([...lanes].map(([shard, lane]) => write(shard, lane)));
      await Promise.all([...lanes.values()].map(({ writing }) => writing));
      return sum;
    },
  };

  /** Waits for the lane's earlier write, not for this one: reading goes on meanwhile. */
  async function write(shard: string, lane: Lane): Promise<void> {
    const wishes = [...lane.wishes.values()];
    lane.wishes = new Map();
    lane.bytes = 0;
    await lane.writing;
    if (wishes.length === 0) return;
    lane.writing = apply(by, shard, wishes, { tally: lane.tally }).then(({ outcome, tally }) => {
      lane.tally = tally;
      for (const name of Object.keys(sum) as (keyof Outcome)[]) sum[name] += outcome[name];
    });
    // Thrown where it is awaited, by the lane's next write or the end.
    lane.writing.catch(() => {});
  }
}

interface Lane {
  wishes: Map<string, Wish>;
  bytes: number;
  writing: Promise<void>;
  tally?: Tally;
}

/** The keys stand in the item and in its indexes. */
const sizeOf = (said: Said) => 500 + said.key.length * 4 + jsonBytes(said);

interface Around {
  /** What the partition is believed to count; read when absent or found to be wrong. */
  tally?: Tally;
  /** Told in the same transaction. */
  events?: (outcome: Outcome) => StoredEvent[];
  /** What is written in the same transaction, asked before each attempt; nothing where no label is to be written now. */
  along?: () => Promise<((writers: Writers) => object[]) | undefined>;
}

/** All wishes of one partition, or none. */
export async function apply(
  by: By,
  shard: string,
  wishes: Wish[],
  around: Around = {},
): Promise<{ outcome: Outcome; tally: Tally }> {
  const { model, now } = by;
  let before = around.tally;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const along = await around.along?.();
    before ??= await tallyOf(model, shard);
    if (around.along && !along) return { outcome: nothing(), tally: before };
    const known = before.total === 0 ? new Map<string, LabelItem>() : await existing(model, shard, wishes);
    const plan = decide(wishes, known, { ...by, shard }, before);
    const tooMuch =
      known.size > 0 && plan.puts.reduce((sum, item) => sum + jsonBytes(item), 0) > mostBytesWritten;
    if (tooMuch && wishes.length > 1) return inHalves(by, shard, wishes, { ...around, tally: before });
    const idle = plan.puts.length + plan.removals.length === 0;
    if (idle && !along) return { outcome: plan.outcome, tally: before };
    const { version } = before;
    const after = idle ? before : { ...plan.tally, version: version + 1 };
    const labels = ({ label, labelShard }: Writers) => [
      labelShard
        .put({ model, shard, ...after })
        .where((is, { eq, notExists }) => (version === 0 ? notExists(is.version) : eq(is.version, version)))
        .commit(),
      ...plan.puts.map((item) => label.put(item).commit()),
      ...plan.removals.map((key) => label.delete({ model, shard, key }).commit()),
    ];
    const done = await commit(idle ? [] : (around.events?.(plan.outcome) ?? []), now, (writers) => [
      ...(idle ? [] : labels(writers)),
      ...(along?.(writers) ?? []),
    ]);
    if (done) return { outcome: plan.outcome, tally: after };
    before = undefined;
  }
  throw new SluiceError(
    "LABELS_BUSY",
    `Others changed labels of ${model} ${attempts} times while these were written.`,
  );
}

async function inHalves(by: By, shard: string, wishes: Wish[], around: Around) {
  const middle = Math.ceil(wishes.length / 2);
  const first = await apply(by, shard, wishes.slice(0, middle), around);
  const second = await apply(by, shard, wishes.slice(middle), { ...around, tally: first.tally });
  const outcome = nothing();
  for (const name of Object.keys(outcome) as (keyof Outcome)[])
    outcome[name] = first.outcome[name] + second.outcome[name];
  return { outcome, tally: second.tally };
}

function decide(
  wishes: Wish[],
  known: Map<string, LabelItem>,
  to: By & { shard: string },
  before: Tally,
): { puts: LabelItem[]; removals: string[]; outcome: Outcome; tally: Tally } {
  const outcome = nothing();
  const puts: LabelItem[] = [];
  const removals: string[] = [];
  let tally = before;
  for (const { key, said: wished } of wishes) {
    const old = known.get(key);
    if (!wished) {
      if (!old) continue;
      removals.push(key);
      outcome.removed += 1;
      tally = counted(tally, old, -1);
      continue;
    }
    // What a new label does not say again still holds: the text it is for, the picture's size.
    const said: Said = { ...wished, text: wished.text ?? old?.text, image: wished.image ?? old?.image };
    const digest = digestOf(said);
    if (old?.digest === digest) {
      const mine = to.again && old.importId !== undefined && old.importId === to.importId;
      outcome[mine ? (old.history ? "changed" : "added") : "unchanged"] += 1;
      const more = old.labelledAt > said.labelledAt ? undefined : enriched(old, said);
      if (more) puts.push({ ...old, ...(withoutUndefined(more) as Partial<LabelItem>) });
    } else if (old && old.labelledAt > said.labelledAt) outcome.older += 1;
    else {
      outcome[old ? "changed" : "added"] += 1;
      if (old) tally = counted(tally, old, -1);
      tally = counted(tally, said, 1);
      const { model, shard, source, now, importId } = to;
      const changedAt = new Date(now).toISOString();
      puts.push({
        ...withoutUndefined(said),
        filed: said.label ?? unfiled,
        model,
        shard,
        source: said.source ?? source,
        digest,
        history: old && historyOf(old),
        importId,
        changedAt,
      });
    }
  }
  return { puts, removals, outcome, tally };
}

function historyOf({ label, boxes, source, annotator, labelledAt, history }: LabelItem): Earlier[] {
  const last: Earlier = {
    label,
    boxes: (boxes as unknown[] | undefined)?.length,
    source,
    annotator,
    labelledAt,
  };
  return withoutUndefined([last, ...((history as Earlier[] | undefined) ?? [])].slice(0, historyKept));
}

async function tallyOf(model: string, shard: string): Promise<Tally> {
  const { data } = await db().entities.labelShard.get({ model, shard }).go({ consistent: true });
  return data ? { version: data.version, total: data.total, classes: data.classes } : emptyTally();
}

async function existing(model: string, shard: string, wishes: Wish[]): Promise<Map<string, LabelItem>> {
  const found = new Map<string, LabelItem>();
  let keys = wishes.map(({ key }) => ({ model, shard, key }));
  while (keys.length > 0) {
    const { data, unprocessed } = await db().entities.label.get(keys).go({ consistent: true });
    for (const item of data) found.set(item.key, item);
    keys = unprocessed as typeof keys;
  }
  return found;
}
