const COUNT = new Intl.NumberFormat("en-US");
export const formatCount = (value: number) => COUNT.format(value);

/** "98.2 %" */
export const formatPercent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)} %`;

const SIZES = ["bytes", "KB", "MB", "GB"];
export function formatBytes(size: number): string {
  const step = size < 1_000 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(size) / 3));
  return `${step === 0 ? size : (size / 1_000 ** step).toFixed(1)} ${SIZES[step]}`;
}

/** "1 file", "3 files" */
export const formatPlural = (value: number, one: string, more = `${one}s`) =>
  `${formatCount(value)} ${value === 1 ? one : more}`;

/** Two significant digits below ten cents: "$0.0042". */
export const formatDollars = (sum: number) =>
  sum !== 0 && Math.abs(sum) < 0.1 ? `$${sum.toPrecision(2)}` : `$${sum.toFixed(2)}`;

/** Integers above 1 are counts. Other metrics have four decimals. */
export const formatMetric = (value: number) =>
  value > 1 && Number.isInteger(value) ? String(value) : value.toFixed(4);
