import { EXIT, Failure } from "../terminal/failure.ts";

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses "10m" or an ISO timestamp to epoch milliseconds. */
export function parseSince(text: string, now = Date.now()): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count && unit) return now - Number(count) * UNITS[unit]!;
  // Date.parse accepts "10" as October.
  const instant = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(instant)) return instant;
  throw new Failure("SINCE_INVALID", `"${text}" is not a time.`, {
    exit: EXIT.usage,
    hint: "Use 30s, 10m, 2h, 1d, or an ISO timestamp such as 2026-01-02T03:04:05Z.",
  });
}
