// The distribution of the one-sample Kolmogorov statistic by the expansion of Pelz and Good (1976), for large samples.

const PI2 = Math.PI ** 2;
const PI4 = Math.PI ** 4;
const PI6 = Math.PI ** 6;
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** P(D <= statistic) for one sample of `count`: a series in 1 / sqrt(count), of four theta functions of z. */
export function pelzGoodLower(count: number, statistic: number): number {
  const z = Math.sqrt(count) * statistic;
  const terms = Math.ceil((16 * z) / Math.PI);
  const [k0, k1, k2, k3] = oddSums(z, terms);
  const { second, third } = wholeSums(z, terms);
  const parts = [
    (SQRT_TWO_PI / z) * k0,
    (SQRT_TWO_PI / (6 * z ** 4)) * k1,
    (SQRT_TWO_PI / (72 * z ** 7)) * k2 - ((PI2 * SQRT_TWO_PI) / (36 * z ** 3)) * second,
    (SQRT_TWO_PI / (6480 * z ** 10)) * k3 + ((PI2 * SQRT_TWO_PI) / (216 * z ** 6)) * third,
  ];
  return parts.reduce((sum, part, at) => sum + part / count ** (at / 2), 0);
}

/** Sums over odd m of a polynomial in m² times exp(-π² m² / 8z²), smallest terms first. */
function oddSums(z: number, terms: number): [number, number, number, number] {
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  for (let term = terms; term > 0; term--) {
    const m2 = (2 * term - 1) ** 2;
    const weight = Math.exp((-PI2 * m2) / (8 * z2));
    sums[0] += weight;
    sums[1] += weight * (-z2 + (PI2 / 4) * m2);
    sums[2] +=
      weight * (6 * z6 + 2 * z4 + (PI2 / 4) * (2 * z4 - 5 * z2) * m2 + (PI4 / 16) * (1 - 2 * z2) * m2 ** 2);
    sums[3] +=
      weight *
      (-30 * z6 -
        90 * z4 * z4 +
        (PI2 / 4) * (135 * z4 - 96 * z6) * m2 +
        (PI4 / 16) * (212 * z4 - 60 * z2) * m2 ** 2 +
        (PI6 / 64) * (5 - 30 * z2) * m2 ** 3);
  }
  return sums;
}

/** Sums over all whole k, times exp(-π² k² / 2z²). */
function wholeSums(z: number, terms: number) {
  const z2 = z * z;
  let second = 0;
  let third = 0;
  for (let k = terms; k > 0; k--) {
    const weighted = k * k * Math.exp((-PI2 * k * k) / (2 * z2));
    second += weighted;
    third += (3 * z2 - PI2 * k * k) * weighted;
  }
  return { second, third };
}
