// Between the passes: assigns items to splits, and counts classes, groups and conflicts.
import type { Groups } from "@sluice/labels/inspect/union-find.ts";
import type { DeclaredModel } from "../../model/model.ts";
import type { ClassRow, Dataset, DatasetOptions, Warning } from "../dataset.ts";
import { assignSplits, CAPPED, TEST, TRAIN, VALIDATION } from "../split/assign.ts";
import type { CollectedItems } from "./item-collector.ts";
import { findWarnings, requireTrainable } from "./requirements.ts";

/** Conflicting items that a report names. */
const maxConflicts = 100;

export interface SplitItems {
  splits: Uint8Array;
  rows: ClassRow[];
  items: NonNullable<Dataset["items"]>;
  objects: NonNullable<Dataset["objects"]>;
  groups: NonNullable<Dataset["groups"]>;
  warnings: Warning[];
  /** Numbers of items with equal content but different labels: the first ones. */
  conflicts: Set<number>;
}

export function splitItems(
  model: DeclaredModel,
  collected: CollectedItems,
  options: DatasetOptions,
): SplitItems {
  requireTrainable(model, collected, options);
  const { columns, isObject, prints } = collected;
  const groups = prints.near();
  const caps = model.classes.map((name) => options.caps[name] ?? Infinity);
  const splits = assignSplits(columns, groups, { split: options.split, caps });
  const rows = classRows(model, collected, splits, options);
  const groupSizes = countGroups(groups);
  const conflicts = findConflicts(collected);
  return {
    splits,
    rows,
    items: countBySplit(splits, () => true),
    objects: countBySplit(splits, (item) => isObject[item] === 1),
    groups: groupSizes,
    warnings: findWarnings(collected, rows, { ...groupSizes, conflicts: conflicts.count }),
    conflicts: conflicts.first,
  };
}

function countBySplit(splits: Uint8Array, counts: (item: number) => boolean) {
  const sum = [0, 0, 0];
  for (const [item, split] of splits.entries()) if (split < CAPPED && counts(item)) sum[split]! += 1;
  return { train: sum[TRAIN]!, validation: sum[VALIDATION]!, test: sum[TEST]! };
}

function classRows(
  { classes, task }: DeclaredModel,
  { columns, labelled, boxes, unusable }: CollectedItems,
  splits: Uint8Array,
  { weights }: DatasetOptions,
): ClassRow[] {
  const counts = classes.map(() => [0, 0, 0, 0]);
  for (const [item, split] of splits.entries())
    for (let at = columns.starts[item]!; at < columns.starts[item + 1]!; at++)
      counts[columns.classes[at]!]![split]! += 1;
  const trained = counts.map((row) => row[TRAIN]!).filter((count) => count > 0);
  const total = trained.reduce((sum, count) => sum + count, 0);
  // All classes weigh the same in total. An item of an average class weighs 1.
  const weightOf = (train: number) => (train > 0 ? total / (trained.length * train) : 0);
  return classes.map((name, number) => {
    const [train = 0, validation = 0, test = 0, capped = 0] = counts[number]!;
    return {
      class: name,
      labelled: labelled[number]!,
      train,
      validation,
      test,
      capped,
      unusable: unusable[number]!,
      boxes: task === "object-detection" ? boxes[number] : undefined,
      weight: weights === "balanced" ? weightOf(train) : undefined,
    };
  });
}

function countGroups(groups: Groups) {
  const sizes = new Uint32Array(groups.length);
  for (const first of groups) sizes[first]! += 1;
  const sum = { count: 0, items: 0, largest: 1 };
  for (const size of sizes) {
    if (size < 2) continue;
    sum.count += 1;
    sum.items += size;
    if (size > sum.largest) sum.largest = size;
  }
  return sum;
}

function findConflicts({ columns: { classes, starts }, prints }: CollectedItems) {
  const conflicts = { count: 0, first: new Set<number>() };
  const classesOf = (item: number) => classes.subarray(starts[item], starts[item + 1]).join();
  for (const [item, first] of prints.exact().entries()) {
    if (item === first || classesOf(item) === classesOf(first)) continue;
    conflicts.count += 1;
    if (conflicts.first.size < maxConflicts) conflicts.first.add(first).add(item);
  }
  return conflicts;
}
