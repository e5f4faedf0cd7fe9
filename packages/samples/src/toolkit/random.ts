// Seeded randomness: equal seeds give equal data and equal models.
export type Random = ReturnType<typeof random>;

export function random(...seeds: (number | string)[]) {
  let state = 0x811c9dc5;
  for (const character of seeds.join("/")) state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    /** In [0, 1). */
    next,
    /** A whole number, both ends included. */
    int,
    between: (low: number, high: number) => low + next() * (high - low),
    pick: <T>(items: readonly T[]): T => items[int(0, items.length - 1)]!,
    chance: (probability: number) => next() < probability,
    shuffle<T>(items: readonly T[]): T[] {
      const copy = [...items];
      for (let at = copy.length - 1; at > 0; at--) {
        const other = int(0, at);
        [copy[at], copy[other]] = [copy[other]!, copy[at]!];
      }
      return copy;
    },
  };
}

export const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** A random number of times, both ends included. */
export const timesBetween = <T>(chance: Random, low: number, high: number, make: () => T): T[] =>
  times(chance.int(low, high), make);

/** What `make` returns, with a probability; otherwise nothing. */
export const maybe = <T>(chance: Random, probability: number, make: () => T[]): T[] =>
  chance.chance(probability) ? make() : [];
