// A random sample of embeddings: the items whose ids have the smallest hashes. Parts merge to the same sample in any order,
// and an item that arrives twice is in it once.
import { hashId } from "./hash.ts";

export interface ReservoirItem {
  id: string;
  /** Base64, as the engine returns it: `decodeEmbedding` reads it. */
  embedding: string;
}

export interface ReservoirData {
  capacity: number;
  seed: number;
  seen: number;
  items: ReservoirItem[];
}

export interface Reservoir {
  readonly capacity: number;
  readonly seed: number;
  /** Items added, repeated ones included. */
  readonly seen: number;
  add(item: ReservoirItem): void;
  merge(other: Reservoir): void;
  /** In the order of their hashes: the first ones are a smaller sample. */
  items(): ReservoirItem[];
  toJSON(): ReservoirData;
}

interface Entry {
  hash: number;
  item: ReservoirItem;
}

export function createReservoir(capacity: number, seed: number): Reservoir {
  if (!Number.isSafeInteger(capacity) || capacity < 1)
    throw new RangeError(`The capacity of a reservoir is a whole number from 1; this one is ${capacity}.`);
  /** Ascending. */
  const entries: Entry[] = [];
  let seen = 0;

  function put({ id, embedding }: ReservoirItem) {
    const entry = { hash: hashId(id, seed), item: { id, embedding } };
    const at = insertionPoint(entries, entry);
    const before = entries[at];
    if (before?.item.id === id) {
      // The same item with another embedding: the choice must not depend on the order.
      if (embedding < before.item.embedding) entries[at] = entry;
      return;
    }
    if (at === capacity) return;
    entries.splice(at, 0, entry);
    if (entries.length > capacity) entries.pop();
  }
  const items = () => entries.map(({ item }) => item);

  return {
    capacity,
    seed,
    get seen() {
      return seen;
    },
    add(item) {
      seen++;
      put(item);
    },
    merge(other) {
      if (other.capacity !== capacity || other.seed !== seed)
        throw new RangeError(
          `Reservoirs of capacity ${capacity}, seed ${seed} and of capacity ${other.capacity}, seed ${other.seed} cannot be merged.`,
        );
      seen += other.seen;
      for (const item of other.items()) put(item);
    },
    items,
    toJSON: () => ({ capacity, seed, seen, items: items() }),
  };
}

export function readReservoir(data: ReservoirData): Reservoir {
  const reservoir = createReservoir(data.capacity, data.seed);
  reservoir.merge({ ...reservoir, seen: data.seen, items: () => data.items });
  return reservoir;
}

/** The first position whose entry is not before this one. */
function insertionPoint(entries: Entry[], { hash, item }: Entry): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { hash: other, item: known } = entries[middle]!;
    if (other < hash || (other === hash && known.id < item.id)) low = middle + 1;
    else high = middle;
  }
  return low;
}
