/**
 * Apportions items by largest remainder. Each split is within one item of its share, and is empty only if there are too
 * few items. Equal remainders go to split `first`: callers rotate it from class to class, so that no split has an advantage.
 */
export function apportion(count: number, shares: readonly number[], first = 0): number[] {
  const distance = (at: number) => (at + shares.length - (first % shares.length)) % shares.length;
  const exact = shares.map((share) => share * count);
  // Floating point: 0.7 * 10 is 7.000000000000001, and others are slightly below the integer.
  const parts = exact.map((value) => Math.floor(value + 1e-9));
  const order = exact
    .map((value, at) => ({ at, rest: value - parts[at]! }))
    .toSorted((a, b) =>
      Math.abs(b.rest - a.rest) > 1e-9 ? b.rest - a.rest : distance(a.at) - distance(b.at),
    );
  let left = count - parts.reduce((sum, part) => sum + part, 0);
  for (const { at } of order) {
    if (left === 0 || shares[at] === 0) continue;
    parts[at]! += 1;
    left -= 1;
  }
  const used = shares.filter((share) => share > 0).length;
  if (count < used) return parts;
  for (const [at, share] of shares.entries()) {
    if (share === 0 || parts[at] !== 0) continue;
    const largest = parts.indexOf(Math.max(...parts));
    parts[largest]! -= 1;
    parts[at] = 1;
  }
  return parts;
}
