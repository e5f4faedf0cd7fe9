import type { Table } from "../run/measurement.ts";

/** Columns as wide as their longest cell, figures to the right. */
export function formatTable({ title, rows }: Table): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => columns.map((column) => show(row[column]!)));
  const widths = columns.map((column, at) => Math.max(column.length, ...cells.map((row) => row[at]!.length)));
  const line = (row: string[]) =>
    row
      .map((cell, at) =>
        typeof rows[0]![columns[at]!] === "number" ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!),
      )
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [title, line(columns), rule, ...cells.map(line), ""].join("\n");
}

const show = (value: string | number) =>
  typeof value === "string"
    ? value
    : value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : 0 });

export const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(0)} %`;

/** The value below which this share of the numbers lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
