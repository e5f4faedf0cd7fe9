// Which period a run compares.
import type { Duration } from "@sluice/models/duration.ts";
import { seconds } from "@sluice/models/duration.ts";
import { HOUR_MS } from "./hour.ts";
import { COMPLETE_AFTER_MS } from "./collect.ts";
import type { DriftReport } from "./report.ts";

/** A window without enough predictions grows up to it. */
const MAX_WINDOW_MS = 30 * 24 * HOUR_MS;

export interface Bounds {
  /** Epoch ms. */
  from: number;
  to: number;
}

type Earlier = Pick<DriftReport, "from" | "to" | "status">;

/**
 * Windows of a schedule end at its multiples since 1970 (a day's at midnight UTC), so that a repeated run has the same
 * end. `earlier`: the version's latest report of the schedule.
 */
export function scheduledBounds(schedule: Duration, earlier: Earlier | undefined, now: number): Bounds {
  const length = seconds(schedule) * 1_000;
  const to = Math.floor((now - COMPLETE_AFTER_MS) / length) * length;
  return { from: startAfter(earlier, to, length), to };
}

/** When the next window of the schedule is complete. */
export const nextRun = (schedule: Duration, now: number): number =>
  scheduledBounds(schedule, undefined, now).to + seconds(schedule) * 1_000 + COMPLETE_AFTER_MS;

export const manualBounds = (schedule: Duration, earlier: Earlier | undefined, now: number): Bounds => ({
  from: startAfter(earlier, now, seconds(schedule) * 1_000),
  to: now,
});

/** After a window that was compared; one that was insufficient is part of the next. */
function startAfter(earlier: Earlier | undefined, to: number, length: number): number {
  if (!earlier) return to - length;
  const start = Date.parse(earlier.status === "insufficient" ? earlier.from : earlier.to);
  return Math.max(start, to - Math.max(length, MAX_WINDOW_MS));
}
