// Numbers as strokes of text.
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const LEVELS = "▁▂▃▄▅▆▇█";
const SHADES = " ·░▒▓█";
const WIDTH = 24;

export function bar(share: number): string {
  const eighths = Math.round(share * WIDTH * 8);
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}

/** A stroke for each bin; one that holds anything at all is seen. */
export function spark(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts.map((count) => (count === 0 ? " " : LEVELS[Math.ceil((count / most) * 8) - 1]!)).join("");
}

/** A field of two characters for each number, as dark as it is large. */
export function heat(rows: ReadonlyArray<readonly number[]>): string[] {
  const most = Math.max(1, ...rows.flat());
  const shade = (count: number) => SHADES[Math.ceil((count / most) * (SHADES.length - 1))]!.repeat(2);
  return rows.map((row) => `|${row.map(shade).join("")}|`);
}

export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${Number((count / 1_000 ** power).toPrecision(3))} ${units[power]}`;
}
