const print = (line = "") => void process.stdout.write(`${line}\n`);

export type Row = Record<string, string | number>;

/** Rows as columns as wide as they must be; figures stand right. */
export function table(title: string, rows: Row[], command: string) {
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
  print(`\n${title}`);
  print(line(columns));
  print(widths.map((width) => "-".repeat(width)).join("  "));
  for (const row of cells) print(line(row));
  print(`again: ${command}`);
}

const show = (value: string | number) =>
  typeof value === "string"
    ? value
    : value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : 0 });

/** The value below which this share of the numbers lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
