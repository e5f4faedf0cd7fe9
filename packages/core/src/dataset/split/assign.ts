// Which item goes where. Pure: the same items, groups and options always give the same answer.
import type { DatasetOptions } from "../dataset.ts";
import type { Columns } from "./columns.ts";
import { apportion } from "./shares.ts";

export const TRAIN = 0;
export const VALIDATION = 1;
export const TEST = 2;
/** Left out of training, since its class has enough. */
export const CAPPED = 3;
const SPLITS = 3;

interface Options extends Pick<DatasetOptions, "split"> {
  /** By the class's number; Infinity without a cap. */
  caps: readonly number[];
}

/** `group[i]` is the first item of i's group. */
export function assign(items: Columns, group: Uint32Array, { split, caps }: Options): Uint8Array {
  const { count, chance } = items;
  const stratum = strata(items, caps.length);
  const strataCount = caps.length + 1;
  const sizes = new Uint32Array(strataCount);
  for (const one of stratum) sizes[one]! += 1;
  const shares = [split.train, split.validation, split.test];
  /** Still wanted, by stratum and split. */
  const wanted = Array.from(sizes, (size, one) => apportion(size, shares, one));

  const order = Uint32Array.from({ length: count }, (_, at) => at).sort(
    (a, b) => chance[a]! - chance[b]! || a - b,
  );
  const taken = new Uint8Array(count).fill(255);
  for (const members of bigFirst(group, order)) {
    const to = bestSplit(members, stratum, wanted, chance[members[0]!]!);
    for (const member of members) {
      taken[member] = to;
      wanted[stratum[member]!]![to]! -= 1;
    }
  }
  for (const row of wanted) level(row);
  for (const at of order) {
    if (taken[at] !== 255) continue;
    const row = wanted[stratum[at]!]!;
    const to = row.findIndex((left) => left > 0);
    taken[at] = Math.max(0, to);
    row[taken[at]!]! -= 1;
  }
  cap(items, order, taken, caps);
  return taken;
}

/** An item stands for its rarest class, so that the few of it are shared out first; the last stratum shows nothing. */
function strata({ count, starts, classes }: Columns, classCount: number): Uint16Array {
  const frequency = new Uint32Array(classCount);
  for (const one of classes) frequency[one]! += 1;
  const stratum = new Uint16Array(count).fill(classCount);
  for (let at = 0; at < count; at++) {
    for (let of = starts[at]!; of < starts[at + 1]!; of++) {
      const one = classes[of]!;
      const best = stratum[at]!;
      if (
        best === classCount ||
        frequency[one]! < frequency[best]! ||
        (frequency[one] === frequency[best] && one < best)
      )
        stratum[at] = one;
    }
  }
  return stratum;
}

/** Groups of more than one, the largest first: while there is room everywhere, they can still go anywhere. */
function* bigFirst(group: Uint32Array, order: Uint32Array): Generator<Uint32Array> {
  const size = new Uint32Array(group.length);
  for (const root of group) size[root]! += 1;
  /** Where chance first meets the group, from 1. */
  const met = new Uint32Array(group.length);
  for (let at = 0; at < order.length; at++) met[group[order[at]!]!] ||= at + 1;
  const members = order.filter((at) => size[group[at]!]! > 1);
  // Stable: within a group the members stay in chance's order.
  members.sort((a, b) => {
    const [one, other] = [group[a]!, group[b]!];
    return size[other]! - size[one]! || met[one]! - met[other]!;
  });
  for (let from = 0; from < members.length;) {
    const to = from + size[group[members[from]!]!]!;
    yield members.subarray(from, to);
    from = to;
  }
}

/** Where the group fits best; among equally good ones by chance, as likely as there is room. */
function bestSplit(members: Uint32Array, stratum: Uint16Array, wanted: number[][], chance: number): number {
  const needs = new Map<number, number>();
  for (const member of members) needs.set(stratum[member]!, (needs.get(stratum[member]!) ?? 0) + 1);
  const scores = Array.from({ length: SPLITS }, (_, to) => {
    let score = 0;
    let room = 0;
    for (const [one, need] of needs) {
      const left = wanted[one]![to]!;
      score += Math.min(need, left) - Math.max(0, need - left);
      room += Math.max(0, left);
    }
    return { to, score, room };
  });
  const best = Math.max(...scores.map(({ score }) => score));
  const fitting = scores.filter(({ score }) => score === best);
  let at = (chance / 2 ** 52) * fitting.reduce((sum, { room }) => sum + room, 0);
  for (const { to, room } of fitting) {
    if (at < room) return to;
    at -= room;
  }
  return fitting[0]!.to;
}

/** What groups took too much of in one split is missing in the others: the fullest wish gives way. */
function level(row: number[]) {
  let over = row.reduce((sum, left) => sum + Math.max(0, -left), 0);
  for (; over > 0; over--) {
    const largest = row.indexOf(Math.max(...row));
    row[largest]! -= 1;
  }
}

/** Training keeps an item while one of its classes has not reached its cap. */
function cap({ starts, classes }: Columns, order: Uint32Array, taken: Uint8Array, caps: readonly number[]) {
  if (caps.every((most) => most === Infinity)) return;
  const kept = new Uint32Array(caps.length);
  for (const at of order) {
    if (taken[at] !== TRAIN) continue;
    const [from, to] = [starts[at]!, starts[at + 1]!];
    let wanted = from === to;
    for (let of = from; of < to; of++) if (kept[classes[of]!]! < caps[classes[of]!]!) wanted = true;
    if (!wanted) taken[at] = CAPPED;
    else for (let of = from; of < to; of++) kept[classes[of]!]! += 1;
  }
}
