// Between the passes: groups, splits, caps, and what that makes of each class.
import type { Declared } from "../../model/model.ts";
import type { ClassRow, Dataset, DatasetOptions, Warning } from "../dataset.ts";
import type { Groups } from "@sluice/labels/inspect/union.ts";
import { assign, CAPPED, TEST, TRAIN, VALIDATION } from "../split/assign.ts";
import type { Gathered } from "./gather.ts";
import { demand, warnings } from "./judge.ts";

/** How many items in conflict a report names. */
const named = 100;

export interface Divided {
  taken: Uint8Array;
  rows: ClassRow[];
  items: NonNullable<Dataset["items"]>;
  objects: NonNullable<Dataset["objects"]>;
  groups: NonNullable<Dataset["groups"]>;
  warnings: Warning[];
  /** Of items with the same content as another but another label: the first ones' numbers. */
  conflicts: Set<number>;
}

export function divide(model: Declared, gathered: Gathered, options: DatasetOptions): Divided {
  demand(model, gathered, options);
  const { items, objects, prints } = gathered;
  const group = prints.near();
  const caps = model.classes.map((name) => options.caps[name] ?? Infinity);
  const taken = assign(items, group, { split: options.split, caps });
  const rows = rowsOf(model, gathered, taken, options);
  const { sizes, conflicts } = lookInto(group, gathered);
  const bySplit = (counts: (at: number) => boolean) => {
    const sum = [0, 0, 0];
    for (let at = 0; at < taken.length; at++) if (taken[at]! < CAPPED && counts(at)) sum[taken[at]!]! += 1;
    return { train: sum[TRAIN]!, validation: sum[VALIDATION]!, test: sum[TEST]! };
  };
  const { count, ...rest } = conflicts;
  return {
    taken,
    rows,
    items: bySplit(() => true),
    objects: bySplit((at) => objects[at] === 1),
    groups: sizes,
    warnings: warnings(gathered, rows, { ...sizes, conflicts: count }),
    conflicts: rest.first,
  };
}

function rowsOf(
  { classes, task }: Declared,
  { items, labelled, boxes, unusable }: Gathered,
  taken: Uint8Array,
  { weights }: DatasetOptions,
): ClassRow[] {
  const counts = classes.map(() => [0, 0, 0, 0]);
  for (let at = 0; at < items.count; at++)
    for (let of = items.starts[at]!; of < items.starts[at + 1]!; of++)
      counts[items.classes[of]!]![taken[at]!]! += 1;
  const trained = counts.map((row) => row[TRAIN]!).filter((count) => count > 0);
  const all = trained.reduce((sum, count) => sum + count, 0);
  return classes.map((name, at) => {
    const [train = 0, validation = 0, test = 0, capped = 0] = counts[at]!;
    // Every class weighs as much as every other, and one item of the average class weighs 1.
    const weight = weights === "balanced" && train > 0 ? all / (trained.length * train) : undefined;
    return {
      class: name,
      labelled: labelled[at]!,
      train,
      validation,
      test,
      capped,
      unusable: unusable[at]!,
      boxes: task === "object-detection" ? boxes[at] : undefined,
      weight: weights === "balanced" ? (weight ?? 0) : undefined,
    };
  });
}

function lookInto(group: Groups, { items, prints }: Gathered) {
  const size = new Uint32Array(group.length);
  for (const root of group) size[root]! += 1;
  const sizes = { count: 0, items: 0, largest: 1 };
  for (const one of size) {
    if (one < 2) continue;
    sizes.count += 1;
    sizes.items += one;
    if (one > sizes.largest) sizes.largest = one;
  }
  const conflicts = { count: 0, first: new Set<number>() };
  const label = (at: number) => items.classes.subarray(items.starts[at], items.starts[at + 1]).join();
  for (const [at, first] of prints.exact().entries()) {
    if (at === first || label(at) === label(first)) continue;
    conflicts.count += 1;
    if (conflicts.first.size < named) conflicts.first.add(first).add(at);
  }
  return { sizes, conflicts };
}
