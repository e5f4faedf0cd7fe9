// Whether a prediction was correct, where a person knows. Late ground truth belongs here too: nothing else decides it.
import type { Prediction } from "../prediction/prediction.ts";

export interface Judgment {
  correct: boolean;
  /** False for a review below the threshold: such predictions are wrong more often. */
  random: boolean;
}

/** Undefined for a review that a person requested: people request reviews of wrong predictions. */
export function judgePrediction({ review }: Prediction): Judgment | undefined {
  if (review?.status !== "resolved" || review.agreed === undefined) return undefined;
  if (review.reason === "requested") return undefined;
  return { correct: review.agreed, random: review.reason !== "rejected" };
}
