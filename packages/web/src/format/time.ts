// Formats times. Inputs are ISO text or epoch milliseconds.

const UNITS: Array<[ms: number, name: string]> = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];

export function formatRelative(instant: string | number, now: number): string {
  const difference = now - +new Date(instant);
  const size = Math.abs(difference);
  if (size < 1_000) return "now";
  const [ms, name] = UNITS.find(([unit]) => size >= unit)!;
  const text = `${Math.floor(size / ms)} ${name}`;
  return difference < 0 ? `in ${text}` : `${text} ago`;
}

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
export const formatExact = (instant: string | number) => EXACT.format(new Date(instant));

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
export const formatClock = (instant: string | number) => CLOCK.format(new Date(instant));

/** "840 ms", "12.4 s", "3 min 5 s", "2 h 10 min". */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1_000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
