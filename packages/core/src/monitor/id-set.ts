// A set of ids in 16 bytes each, for the captures of an hour: a Set of strings needs about 100.
import { hashId } from "@sluice/statistics/sketch/hash.ts";

const FIRST_SIZE = 1_024;
/** Larger than any hash, which is below 1. */
const EMPTY = 2;

export interface IdSet {
  /** False if it has the id already. Two of a million ids have the same hash with a chance of 1 in 18,000. */
  add(id: string): boolean;
  /** Adds a hash of another set. */
  addHash(hash: number): boolean;
  hashes(): Float64Array;
}

export const hashOfId = (id: string) => hashId(id, 0);

export function createIdSet(known: ArrayLike<number> = []): IdSet {
  let slots = new Float64Array(FIRST_SIZE).fill(EMPTY);
  let size = 0;

  const place = (table: Float64Array, hash: number) => {
    let at = Math.floor(hash * table.length);
    while (table[at] !== EMPTY && table[at] !== hash) at = (at + 1) % table.length;
    return at;
  };
  function grow() {
    const larger = new Float64Array(slots.length * 2).fill(EMPTY);
    for (const hash of slots) if (hash !== EMPTY) larger[place(larger, hash)] = hash;
    slots = larger;
  }
  function addHash(hash: number) {
    const at = place(slots, hash);
    if (slots[at] === hash) return false;
    slots[at] = hash;
    size += 1;
    if (size * 2 > slots.length) grow();
    return true;
  }
  for (let at = 0; at < known.length; at++) addHash(known[at]!);
  return {
    add: (id) => addHash(hashOfId(id)),
    addHash,
    hashes: () => slots.filter((hash) => hash !== EMPTY),
  };
}
