/** Two decimals from one cent up. Below one cent, two significant digits. */
export function formatDollars(value: number): string {
  if (value === 0) return "$0";
  if (value >= 0.01) return `$${value.toFixed(2)}`;
  return `$${Number(value.toPrecision(2))
    .toFixed(12)
    .replace(/^(0\.0*\d\d).*$/, "$1")}`;
}
