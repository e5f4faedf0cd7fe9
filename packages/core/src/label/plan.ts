// Decides what a batch of label changes writes. Reads and writes nothing.
import { type ClassCounts, addLabel } from "./class-counts.ts";
import { labelDigest, mergeDetails } from "./digest.ts";
import type { LabelInput, PreviousLabel } from "./label.ts";
import { type LabelItem, noClass } from "./label.entity.ts";
import { withoutUndefined } from "../util/without-undefined.ts";

const historyLength = 5;

export type LabelChange = { type: "set"; key: string; label: LabelInput } | { type: "remove"; key: string };

export interface ImportCounts {
  added: number;
  changed: number;
  unchanged: number;
  /** Skipped, because the stored label is newer. */
  older: number;
  removed: number;
}

export const zeroCounts = (): ImportCounts => ({ added: 0, changed: 0, unchanged: 0, older: 0, removed: 0 });

export const addCounts = (a: ImportCounts, b: ImportCounts): ImportCounts => ({
  added: a.added + b.added,
  changed: a.changed + b.changed,
  unchanged: a.unchanged + b.unchanged,
  older: a.older + b.older,
  removed: a.removed + b.removed,
});

/** Who writes the labels, and when. */
export interface WriteContext {
  model: string;
  source: string;
  now: number;
  importId?: string;
  /** The import was delivered before: labels that it wrote then still count as added or changed. */
  redelivered?: boolean;
}

export interface WritePlan {
  puts: LabelItem[];
  removals: string[];
  outcome: ImportCounts;
  counts: ClassCounts;
}

type Target = WriteContext & { shard: string };

/** The effect of one change. `write` is absent if the stored label does not change. */
interface Step {
  outcome?: keyof ImportCounts;
  write?: { type: "put"; item: LabelItem } | { type: "delete"; key: string };
  /** The label that no longer counts, and the one that counts from now on. */
  uncount?: LabelItem;
  count?: LabelInput;
}

export function planChanges(
  changes: readonly LabelChange[],
  existing: ReadonlyMap<string, LabelItem>,
  target: Target,
  before: ClassCounts,
): WritePlan {
  const steps = changes.map((change) => planChange(change, existing.get(change.key), target));
  const outcome = zeroCounts();
  let counts = before;
  for (const step of steps) {
    if (step.outcome) outcome[step.outcome] += 1;
    if (step.uncount) counts = addLabel(counts, step.uncount, -1);
    if (step.count) counts = addLabel(counts, step.count, 1);
  }
  const writes = steps.flatMap(({ write }) => write ?? []);
  return {
    puts: writes.flatMap((write) => (write.type === "put" ? [write.item] : [])),
    removals: writes.flatMap((write) => (write.type === "delete" ? [write.key] : [])),
    outcome,
    counts,
  };
}

function planChange(change: LabelChange, old: LabelItem | undefined, target: Target): Step {
  if (change.type === "set") return planSet(change.label, old, target);
  if (!old) return {};
  return { outcome: "removed", write: { type: "delete", key: change.key }, uncount: old };
}

function planSet(input: LabelInput, old: LabelItem | undefined, target: Target): Step {
  // Text and image size stay when a new label omits them.
  const label: LabelInput = { ...input, text: input.text ?? old?.text, image: input.image ?? old?.image };
  const digest = labelDigest(label);
  if (!old) return { outcome: "added", ...writeStep(label, digest, undefined, target) };
  const newer = old.labelledAt <= label.labelledAt;
  if (old.digest === digest) {
    const details = newer ? mergeDetails(old, label) : undefined;
    return {
      outcome: outcomeOfEqual(old, target),
      write: details && { type: "put", item: { ...old, ...withoutUndefined(details) } },
    };
  }
  if (!newer) return { outcome: "older" };
  return { outcome: "changed", ...writeStep(label, digest, old, target) };
}

/** A redelivered import finds labels that it wrote itself. */
function outcomeOfEqual(old: LabelItem, { importId, redelivered }: Target): keyof ImportCounts {
  if (!redelivered || old.importId === undefined || old.importId !== importId) return "unchanged";
  return old.history ? "changed" : "added";
}

function writeStep(
  label: LabelInput,
  digest: string,
  old: LabelItem | undefined,
  { model, shard, source, now, importId }: Target,
): Step {
  const item: LabelItem = {
    ...withoutUndefined(label),
    filed: label.label ?? noClass,
    model,
    shard,
    source: label.source ?? source,
    digest,
    history: old && historyWith(old),
    importId,
    changedAt: new Date(now).toISOString(),
  };
  return { write: { type: "put", item }, uncount: old, count: label };
}

function historyWith({ label, boxes, source, annotator, labelledAt, history = [] }: LabelItem) {
  const last: PreviousLabel = { label, boxes: boxes?.length, source, annotator, labelledAt };
  return withoutUndefined([last, ...history].slice(0, historyLength));
}
