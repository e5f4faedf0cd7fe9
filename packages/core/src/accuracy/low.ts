// Decides whether a week's real accuracy is low enough for the event.
import { byName } from "@sluice/models/index.ts";
import type { CommitEvent } from "../event/record.ts";
import { weekRange, type WeekCounts } from "./accuracy.ts";
import { accuracyOf } from "./counts.ts";

/** Fewer items have a wide interval, and one wrong verdict would decide. */
const MIN_ITEMS = 30;
/** Late truth about an older week says nothing about today's version. */
const MAX_AGE_MS = 35 * 86_400_000;

export function lowAccuracyEvent(
  model: string,
  week: string,
  counts: WeekCounts,
  now: number,
): CommitEvent<"accuracy.low"> | undefined {
  const bound = byName(model)?.retrain?.accuracy;
  const { from, to } = weekRange(week);
  const { count, value, low, high } = accuracyOf(counts.random);
  if (bound === undefined || count < MIN_ITEMS || high >= bound || now - Date.parse(from) > MAX_AGE_MS)
    return undefined;
  const versions = Object.keys(counts.versions);
  const { review = 0, "ground truth": groundTruth = 0 } = counts.sources;
  return {
    type: "accuracy.low",
    detail: {
      model,
      modelVersion: versions.length === 1 ? versions[0] : undefined,
      from,
      to,
      metric: "accuracy",
      value,
      low,
      high,
      bound,
      count,
      source: groundTruth === 0 ? "reviews" : review === 0 ? "ground truth" : "both",
      changedAt: new Date(now).toISOString(),
    },
  };
}
