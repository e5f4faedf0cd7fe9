import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { formatPercent } from "../../format/number.ts";

/** "car" for a classifier, "2 bird, 1 drone" for a detector, or the error code. */
export function formatSummary({ summary, error, status }: Prediction): string {
  if (error && status !== "completed" && status !== "rejected") return error.code;
  if (!summary) return "";
  if (!summary.countPerClass) return summary.class ?? "";
  const counts = Object.entries(summary.countPerClass).filter(([, count]) => count > 0);
  return counts.map(([name, count]) => `${count} ${name}`).join(", ") || "no objects";
}

/** "car 98.2 %" */
export function formatPrediction(prediction: Prediction): string {
  const { confidence, countPerClass } = prediction.summary ?? {};
  const text = formatSummary(prediction);
  return confidence === undefined || countPerClass ? text : `${text} ${formatPercent(confidence)}`;
}
