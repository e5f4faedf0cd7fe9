// Describes the result of a review: for the command line, traces and errors. The page cannot import this and has its own.
import type { Prediction } from "../prediction/prediction.ts";

/** "agreed: car", "truck, not car", "1 box", "dismissed" */
export function describeVerdict({ review, summary }: Pick<Prediction, "review" | "summary">): string {
  if (review?.status !== "settled") return review?.status ?? "";
  const { label, boxes = 0, agreed } = review;
  const verdict = label ?? (boxes === 1 ? "1 box" : `${boxes} boxes`);
  if (agreed) return `agreed: ${verdict}`;
  return label === undefined || summary?.class === undefined ? verdict : `${verdict}, not ${summary.class}`;
}

/** "ada resolved it (truck, not car) at 2026-11-21T04:00:00.000Z", "ada dismissed it at ..." */
export function describeEnd(prediction: Pick<Prediction, "review" | "summary">): string {
  const { status, endedBy, endedAt } = prediction.review!;
  if (status !== "settled") return `${endedBy} ${status} it at ${endedAt}`;
  return `${endedBy} resolved it (${describeVerdict(prediction)}) at ${endedAt}`;
}
