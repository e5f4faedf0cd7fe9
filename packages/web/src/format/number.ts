const COUNT = new Intl.NumberFormat("en-US");
export const count = (value: number) => COUNT.format(value);

/** "98.2 %" */
export const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)} %`;

const SIZES = ["bytes", "KB", "MB", "GB"];
export function bytes(size: number): string {
  const step = size < 1_000 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(size) / 3));
  return `${step === 0 ? size : (size / 1_000 ** step).toFixed(1)} ${SIZES[step]}`;
}

/** "1 file", "3 files" */
export const many = (value: number, one: string, more = `${one}s`) =>
  `${count(value)} ${value === 1 ? one : more}`;

/** "$0.0042": small sums keep two digits that say something. */
export const dollars = (sum: number) =>
  sum !== 0 && Math.abs(sum) < 0.1 ? `$${sum.toPrecision(2)}` : `$${sum.toFixed(2)}`;
