// Charts made of text.
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const LEVELS = "▁▂▃▄▅▆▇█";
const SHADES = " ·░▒▓█";
const WIDTH = 24;

export function bar(share: number): string {
  const eighths = Math.round(share * WIDTH * 8);
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}

/** One character for each bin. Only an empty bin is blank. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts.map((count) => (count === 0 ? " " : LEVELS[Math.ceil((count / most) * 8) - 1]!)).join("");
}

/** Two characters for each number; larger numbers are darker. */
export function heatmap(rows: ReadonlyArray<readonly number[]>): string[] {
  const most = Math.max(1, ...rows.flat());
  const shade = (count: number) => SHADES[Math.ceil((count / most) * (SHADES.length - 1))]!.repeat(2);
  return rows.map((row) => `|${row.map(shade).join("")}|`);
}

export function formatBytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${Number((count / 1_000 ** power).toPrecision(3))} ${units[power]}`;
}
