// Which items belong together: equal files, pictures that look alike, bursts. A group is never torn apart.
import type { Columns } from "./columns.ts";

/** Bits of 64 by which two pictures that look alike may differ. */
export const nearBits = 3;
/** Pictures in one folder taken within so little time of each other show the same moment. */
export const burstMs = 2_000;
/** Of one band's candidates each is compared with so many that follow it. */
const compared = 400;

/** For each item the first item of its group. */
export function groups(items: Columns): Uint32Array {
  const parent = Uint32Array.from({ length: items.count }, (_, index) => index);
  const find = (at: number) => {
    let root = at;
    while (parent[root] !== root) root = parent[root]!;
    for (let next = at; next !== root;) [parent[next], next] = [root, parent[next]!];
    return root;
  };
  const join = (a: number, b: number) => {
    const [one, other] = [find(a), find(b)];
    if (one < other) parent[other] = one;
    else parent[one] = other;
  };
  equalFiles(items, join);
  lookAlikes(items, join);
  bursts(items, join);
  for (let at = 0; at < items.count; at++) parent[at] = find(at);
  return parent;
}

type Join = (a: number, b: number) => void;

const ordered = (indexes: Uint32Array, ...by: Array<Float64Array | Uint32Array>) =>
  indexes.sort((a, b) => {
    for (const values of by) if (values[a] !== values[b]) return values[a]! - values[b]!;
    return a - b;
  });

function selected(count: number, wanted: (at: number) => boolean): Uint32Array {
  const found = new Uint32Array(count);
  let length = 0;
  for (let at = 0; at < count; at++) if (wanted(at)) found[length++] = at;
  return found.subarray(0, length);
}

function equalFiles({ count, content }: Columns, join: Join) {
  const order = ordered(
    selected(count, (at) => content[at] !== 0),
    content,
  );
  for (let at = 1; at < order.length; at++)
    if (content[order[at]!] === content[order[at - 1]!]) join(order[at - 1]!, order[at]!);
}

/** Two hashes that differ in at most three bits agree in one of four bands of sixteen. */
function lookAlikes({ count, has, looksHigh, looksLow }: Columns, join: Join) {
  const order = ordered(
    selected(count, (at) => has[at] === 1),
    looksHigh,
    looksLow,
  );
  // Of those that look the same one stands for all.
  const unique = new Uint32Array(order.length);
  let length = 0;
  for (let at = 0; at < order.length; at++) {
    const [one, before] = [order[at]!, order[at - 1]];
    const same =
      before !== undefined && looksHigh[one] === looksHigh[before] && looksLow[one] === looksLow[before];
    if (same) join(before, one);
    else unique[length++] = one;
  }
  const distinct = unique.subarray(0, length);
  const band = new Uint32Array(count);
  for (const shift of [0, 16]) {
    for (const words of [looksHigh, looksLow]) {
      for (const at of distinct) band[at] = (words[at]! >>> shift) & 0xffff;
      const sorted = ordered(distinct.slice(), band, looksHigh, looksLow);
      for (let at = 0; at < sorted.length; at++) {
        const one = sorted[at]!;
        const end = Math.min(sorted.length, at + 1 + compared);
        for (let next = at + 1; next < end && band[sorted[next]!] === band[one]; next++) {
          const other = sorted[next]!;
          const bits = ones(looksHigh[one]! ^ looksHigh[other]!) + ones(looksLow[one]! ^ looksLow[other]!);
          if (bits <= nearBits) join(one, other);
        }
      }
    }
  }
}

function bursts({ dated: { item, takenAt, folder } }: Columns, join: Join) {
  const order = ordered(
    selected(item.length, () => true),
    folder,
    takenAt,
  );
  for (let at = 1; at < order.length; at++) {
    const [before, one] = [order[at - 1]!, order[at]!];
    if (folder[one] === folder[before] && takenAt[one]! - takenAt[before]! <= burstMs)
      join(item[before]!, item[one]!);
  }
}

function ones(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
