// Describes the result of a review: for the command line, traces and errors. The page cannot import this and has its own.
import type { Review } from "./review.ts";
import type { Prediction } from "../prediction/prediction.ts";

/** "below threshold", "random sample", "requested by ada" */
export function describeReason({ reason, requestedBy }: Pick<Review, "reason" | "requestedBy">): string {
  if (requestedBy) return `requested by ${requestedBy}`;
  if (reason === "sampled") return "random sample";
  return reason === "certain" ? "certain" : "below threshold";
}

/** "car (confirmed)", "truck (predicted: car)", "1 box", "dismissed" */
export function describeVerdict({ review, summary }: Pick<Prediction, "review" | "summary">): string {
  if (review?.status !== "resolved") return review?.status ?? "";
  const { label, boxes = 0, agreed } = review;
  const verdict = label ?? (boxes === 1 ? "1 box" : `${boxes} boxes`);
  if (agreed) return `${verdict} (confirmed)`;
  return label === undefined || summary?.class === undefined
    ? verdict
    : `${verdict} (predicted: ${summary.class})`;
}

/** "ada resolved it as truck (predicted: car) at 2026-11-21T04:00:00.000Z", "ada dismissed it at ..." */
export function describeEnd(prediction: Pick<Prediction, "review" | "summary">): string {
  const { status, endedBy, endedAt, label } = prediction.review!;
  if (status !== "resolved") return `${endedBy} ${status} it at ${endedAt}`;
  return `${endedBy} resolved it ${label === undefined ? "with" : "as"} ${describeVerdict(prediction)} at ${endedAt}`;
}
