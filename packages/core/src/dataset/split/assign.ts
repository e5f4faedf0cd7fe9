// Assigns items to train, validation and test: stratified by class, groups stay together. Equal input gives equal splits.
import type { DatasetOptions } from "../dataset.ts";
import type { Columns } from "./columns.ts";
import { apportion } from "./shares.ts";

export const TRAIN = 0;
export const VALIDATION = 1;
export const TEST = 2;
/** Left out of training: its classes have reached their caps. */
export const CAPPED = 3;
const UNASSIGNED = 255;
const SPLIT_COUNT = 3;

interface Options extends Pick<DatasetOptions, "split"> {
  /** By class number. Infinity without a cap. */
  caps: readonly number[];
}

/** Returns the split of each item. `groups[i]` is the first item of i's group. */
export function assignSplits(items: Columns, groups: Uint32Array, { split, caps }: Options): Uint8Array {
  const { count, chance } = items;
  const strata = stratify(items, caps.length);
  const sizes = new Uint32Array(caps.length + 1);
  for (const stratum of strata) sizes[stratum]! += 1;
  const shares = [split.train, split.validation, split.test];
  /** Items that each split still needs, by stratum. */
  const needed = Array.from(sizes, (size, stratum) => apportion(size, shares, stratum));

  const order = Uint32Array.from({ length: count }, (_, item) => item).sort(
    (a, b) => chance[a]! - chance[b]! || a - b,
  );
  const splits = new Uint8Array(count).fill(UNASSIGNED);
  const assign = (item: number, to: number) => {
    splits[item] = to;
    needed[strata[item]!]![to]! -= 1;
  };
  for (const members of largestFirst(groups, order)) {
    const to = bestSplit(members, strata, needed, chance[members[0]!]!);
    for (const item of members) assign(item, to);
  }
  for (const row of needed) balance(row);
  for (const item of order)
    if (splits[item] === UNASSIGNED)
      assign(
        item,
        Math.max(
          TRAIN,
          needed[strata[item]!]!.findIndex((need) => need > 0),
        ),
      );
  applyCaps(items, order, splits, caps);
  return splits;
}

/** An item's stratum is its rarest class. The last stratum has the items without classes. */
function stratify({ count, starts, classes }: Columns, classCount: number): Uint16Array {
  const frequency = new Uint32Array(classCount);
  for (const name of classes) frequency[name]! += 1;
  const strata = new Uint16Array(count).fill(classCount);
  const isRarer = (a: number, b: number) =>
    b === classCount || frequency[a]! < frequency[b]! || (frequency[a] === frequency[b] && a < b);
  for (let item = 0; item < count; item++)
    for (let at = starts[item]!; at < starts[item + 1]!; at++)
      if (isRarer(classes[at]!, strata[item]!)) strata[item] = classes[at]!;
  return strata;
}

/** Groups of several items. The largest first, while all splits have room. */
function* largestFirst(groups: Uint32Array, order: Uint32Array): Generator<Uint32Array> {
  const sizes = new Uint32Array(groups.length);
  for (const group of groups) sizes[group]! += 1;
  /** The position of the group's first item in the order, from 1. */
  const position = new Uint32Array(groups.length);
  for (const [index, item] of order.entries()) position[groups[item]!] ||= index + 1;
  const members = order.filter((item) => sizes[groups[item]!]! > 1);
  // A stable sort: members of a group keep their order.
  members.sort((a, b) => {
    const [one, other] = [groups[a]!, groups[b]!];
    return sizes[other]! - sizes[one]! || position[one]! - position[other]!;
  });
  for (let from = 0; from < members.length;) {
    const to = from + sizes[groups[members[from]!]!]!;
    yield members.subarray(from, to);
    from = to;
  }
}

/** The split where the group fits best. Chance decides between equal ones, in proportion to their room. */
function bestSplit(members: Uint32Array, strata: Uint16Array, needed: number[][], chance: number): number {
  const counts = new Map<number, number>();
  for (const item of members) counts.set(strata[item]!, (counts.get(strata[item]!) ?? 0) + 1);
  const scores = Array.from({ length: SPLIT_COUNT }, (_, split) => {
    let score = 0;
    let room = 0;
    for (const [stratum, count] of counts) {
      const need = needed[stratum]![split]!;
      score += Math.min(count, need) - Math.max(0, count - need);
      room += Math.max(0, need);
    }
    return { split, score, room };
  });
  const bestScore = Math.max(...scores.map(({ score }) => score));
  const best = scores.filter(({ score }) => score === bestScore);
  let target = (chance / 2 ** 52) * best.reduce((sum, { room }) => sum + room, 0);
  for (const { split, room } of best) {
    if (target < room) return split;
    target -= room;
  }
  return best[0]!.split;
}

/** Items that groups assigned above a split's need are missing elsewhere: reduces the largest needs. */
function balance(row: number[]) {
  let excess = row.reduce((sum, need) => sum + Math.max(0, -need), 0);
  for (; excess > 0; excess--) row[row.indexOf(Math.max(...row))]! -= 1;
}

/** Training uses an item while one of its classes is below its cap. */
function applyCaps(
  { starts, classes }: Columns,
  order: Uint32Array,
  splits: Uint8Array,
  caps: readonly number[],
) {
  if (caps.every((cap) => cap === Infinity)) return;
  const counts = new Uint32Array(caps.length);
  for (const item of order) {
    if (splits[item] !== TRAIN) continue;
    const own = classes.subarray(starts[item]!, starts[item + 1]!);
    if (own.length > 0 && own.every((name) => counts[name]! >= caps[name]!)) splits[item] = CAPPED;
    else for (const name of own) counts[name]! += 1;
  }
}
