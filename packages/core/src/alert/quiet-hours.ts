import type { QuietHours } from "./alert.ts";

/** True when the wall clock of the time zone is in the quiet hours. */
export function isQuiet(quiet: QuietHours | undefined, now: number): boolean {
  if (!quiet) return false;
  const { from, to, zone } = quiet;
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(now);
  // Times of the same length compare as text.
  return from < to ? from <= time && time < to : time >= from || time < to;
}
