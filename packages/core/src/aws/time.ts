/** Epoch ms of an instant in any form of AWS's events: milliseconds or seconds, as a number or text, ISO, or a Date. */
export function toEpochMs(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "number") return Number.isFinite(value) ? inMs(value) : undefined;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(value.trim())) return inMs(Number(value));
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** Seconds of any date before the year 5000 are smaller than milliseconds of any after 1973. */
const inMs = (value: number) => Math.round(value < 1e11 ? value * 1_000 : value);
