// Random numbers from a seed: the same seed always repeats the same test.

/** From 0 up to 1 (mulberry32). */
export type Random = () => number;

export function seedRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Shuffles in place (Fisher-Yates). */
export function shuffle<T extends { length: number; [index: number]: unknown }>(items: T, random: Random): T {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other], items[at]];
  }
  return items;
}

/** A seeded selection of at most `limit` items. */
export function selectItems<T>(items: readonly T[], limit: number, random: Random): readonly T[] {
  return items.length <= limit ? items : shuffle([...items], random).slice(0, limit);
}
