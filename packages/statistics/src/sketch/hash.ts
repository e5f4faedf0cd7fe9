// A seeded hash of ids. It spreads over 53 bits, the whole numbers that a double holds.

/** From 0 up to 1; close ids have unrelated results (cyrb53: two multiplicative hashes, mixed). */
export function hashId(id: string, seed: number): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let at = 0; at < id.length; at++) {
    const unit = id.charCodeAt(at);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  const mix = (one: number, other: number) =>
    Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  high = mix(high, low);
  low = mix(low, high);
  return ((low >>> 0) + (high & 0x1fffff) * 2 ** 32) / 2 ** 53;
}
