import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { percent } from "../../format/number.ts";

/** "car", or for a detector "2 bird, 1 drone", or the code of what went wrong. */
export function findingOf({ summary, error, status }: Prediction): string {
  if (error && status !== "completed" && status !== "rejected") return error.code;
  if (!summary) return "";
  if (!summary.countPerClass) return summary.class ?? "";
  const counts = Object.entries(summary.countPerClass).filter(([, count]) => count > 0);
  return counts.map(([name, count]) => `${count} ${name}`).join(", ") || "nothing found";
}

/** "car 98.2 %" */
export function verdictOf(prediction: Prediction): string {
  const { confidence, countPerClass } = prediction.summary ?? {};
  const finding = findingOf(prediction);
  return confidence === undefined || countPerClass ? finding : `${finding} ${percent(confidence)}`;
}
