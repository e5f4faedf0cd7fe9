// The window of a period: the sum of its hours.
import { createWindow } from "@sluice/statistics/window/window.ts";
import {
  computeHour,
  type Counted,
  countVersion,
  HOUR_MS,
  type HourScope,
  readHour,
  storeHour,
} from "./hour.ts";
import { SEED } from "./seed.ts";

/** Longer than a batch takes to write its captures: afterwards an hour is complete. */
export const COMPLETE_AFTER_MS = 600_000;

interface Period {
  /** Epoch ms. */
  from: number;
  to: number;
  now: number;
}

/** Undefined when the time is over: what is counted is stored, so the next call continues. */
export async function collectWindow(
  scope: HourScope,
  { from, to, now }: Period,
): Promise<Counted | undefined> {
  const sum: Counted = {
    window: createWindow({ seed: SEED, temperature: scope.temperature }),
    malformed: 0,
    duplicates: 0,
    otherVersions: {},
  };
  let known: number[] = [];
  for (let at = hourOf(from); at < to; at += HOUR_MS) {
    if (scope.expired()) return undefined;
    const over = at + HOUR_MS <= now - COMPLETE_AFTER_MS;
    const complete = over && from <= at && at + HOUR_MS <= to;
    const stored = complete ? await readHour(scope, at) : undefined;
    const hour = stored ?? (await computeHour(scope, { at, from, to, known, over }));
    if (!hour) return undefined;
    if (complete && !stored) await storeHour(scope, at, hour);
    add(sum, hour);
    known = hour.tail;
  }
  return sum;
}

export const hourOf = (at: number) => Math.floor(at / HOUR_MS) * HOUR_MS;

function add(sum: Counted, { window, malformed, duplicates, otherVersions }: Counted): void {
  sum.window.merge(window);
  sum.malformed += malformed;
  sum.duplicates += duplicates;
  for (const [version, count] of Object.entries(otherVersions))
    countVersion(sum.otherVersions, version, count);
}
