// Finds pairs of 64-bit hashes that may differ in at most six bits, without comparing all pairs.
import { sortIndexes } from "./union-find.ts";

/** The upper and the lower 32 bits. */
export type HashWords = readonly [Uint32Array, Uint32Array];

type Pair = (a: number, b: number) => void;

/** Each hash is compared with so many that share two bytes. Only blank images exceed this. */
const MAX_COMPARISONS = 500;

/** Calls `equal` for equal hashes, `maybe` for hashes that may be similar. Sorts `items`. */
export function findSimilar(items: Uint32Array, hashes: HashWords, equal: Pair, maybe: Pair): void {
  compareInBands(removeEqual(sortIndexes(items, ...hashes), hashes, equal), hashes, maybe);
}

/** Keeps one item of each hash: otherwise a million black images would be compared with each other. */
function removeEqual(order: Uint32Array, [high, low]: HashWords, equal: Pair): Uint32Array {
  let length = 0;
  for (const at of order) {
    const last = order[length - 1];
    if (length > 0 && high[at] === high[last!] && low[at] === low[last!]) equal(last!, at);
    else order[length++] = at;
  }
  return order.subarray(0, length);
}

/** Hashes that differ in at most six bits share two of their eight bytes. Compares those that share two bytes. */
function compareInBands(items: Uint32Array, [high, low]: HashWords, compare: Pair) {
  const byte = (at: number, which: number) =>
    ((which < 4 ? high[at]! : low[at]!) >>> ((which & 3) * 8)) & 0xff;
  const starts = new Uint32Array(65_537);
  const keys = new Uint16Array(items.length);
  const bucketed = new Uint32Array(items.length);
  for (let one = 0; one < 8; one += 1) {
    for (let other = one + 1; other < 8; other += 1) {
      starts.fill(0);
      for (let at = 0; at < items.length; at += 1) {
        keys[at] = (byte(items[at]!, one) << 8) | byte(items[at]!, other);
        starts[keys[at]! + 1]! += 1;
      }
      for (let key = 0; key < 65_536; key += 1) starts[key + 1]! += starts[key]!;
      const next = starts.slice();
      for (let at = 0; at < items.length; at += 1) bucketed[next[keys[at]!]!++] = items[at]!;
      for (let key = 0, at = 0; at < items.length; key += 1) {
        const end = starts[key + 1]!;
        for (; at < end; at += 1)
          for (let then = at + 1; then < end && then - at <= MAX_COMPARISONS; then += 1)
            compare(bucketed[at]!, bucketed[then]!);
      }
    }
  }
}

/** The number of set bits. */
export function countBits(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
