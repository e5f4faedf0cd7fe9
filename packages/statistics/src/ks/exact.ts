// The exact null distribution of the two-sample Kolmogorov-Smirnov statistic: the share of lattice paths from (0, 0) to
// (first, second) that leave the band |x / first - y / second| < statistic. Hodges (1958).

/** P(D >= statistic) for two samples of a continuous distribution. */
export function exactUpper(statistic: number, first: number, second: number): number {
  const divisor = greatestDivisor(first, second);
  const multiple = (first / divisor) * second;
  /** The statistic is a multiple of 1 / multiple. */
  const height = Math.round(statistic * multiple);
  if (height === 0) return 1;
  return first === second ? equalSizes(first, height) : anySizes(first, second, divisor, height);
}

/** The reflection principle, as nested products. */
function equalSizes(size: number, height: number): number {
  let share = 0;
  for (let bounces = Math.floor(size / height); bounces >= 0; bounces--) {
    const offset = bounces * height;
    let ratio = 1;
    for (let at = 0; at < height; at++) ratio *= (size - offset - at) / (size + offset + at + 1);
    share = ratio * (1 - share);
  }
  return 2 * share;
}

/**
 * Goes column by column. Of the paths to (x, y), the share x / (x + y) comes from the left and the rest from below.
 * Outside the band the share is 1.
 */
function anySizes(first: number, second: number, divisor: number, height: number): number {
  const [wide, high] = first > second ? [first, second] : [second, first];
  const stepX = high / divisor;
  const stepY = wide / divisor;
  const inside = (x: number) => ({
    from: Math.max(Math.floor((stepX * x - height) / stepY) + 1, 0),
    to: Math.min(Math.ceil((stepX * x + height) / stepY) - 1, high),
  });
  const shares = new Float64Array(high + 1).fill(1);
  shares.fill(0, 0, inside(0).to + 1);
  for (let x = 1; x <= wide; x++) {
    const { from, to } = inside(x);
    if (to < from) return 1;
    if (from > 0) shares[from - 1] = 1;
    let below = from > 0 ? 1 : 0;
    for (let y = from; y <= to; y++) below = shares[y] = (shares[y]! * x + below * y) / (x + y);
  }
  return shares[high]!;
}

function greatestDivisor(first: number, second: number): number {
  while (second !== 0) [first, second] = [second, first % second];
  return first;
}
