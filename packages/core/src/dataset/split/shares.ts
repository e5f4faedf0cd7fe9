// How many of n items each split gets.

/**
 * By largest remainder: each share within one item, and no split with a share left empty where there is enough. Of equal
 * remainders the one `first` names has precedence: turned from class to class, no split is favoured on the whole.
 */
export function apportion(count: number, shares: readonly number[], first = 0): number[] {
  const turn = (at: number) => (at + shares.length - (first % shares.length)) % shares.length;
  const exact = shares.map((share) => share * count);
  // A share that should be whole may come out a hair below: 0.7 * 10 is 7.000000000000001, 0.15 * 20 is 3 exactly.
  const parts = exact.map((value) => Math.floor(value + 1e-9));
  const order = exact
    .map((value, at) => ({ at, rest: value - parts[at]! }))
    .toSorted((a, b) => (Math.abs(b.rest - a.rest) > 1e-9 ? b.rest - a.rest : turn(a.at) - turn(b.at)));
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
