// Whether a prediction was correct, where a person knows.
import type { TruthItem } from "../accuracy/accuracy.entity.ts";
import type { Prediction } from "../prediction/prediction.ts";

export interface Judgment {
  correct: boolean;
  /** False for a review below the threshold: such predictions are wrong more often. */
  random: boolean;
}

/** Undefined for a review that a person requested: people request reviews of wrong predictions. Ground truth comes first. */
export function judgePrediction({ review }: Prediction, truth: TruthItem | undefined): Judgment | undefined {
  if (truth?.source === "ground truth") return { correct: truth.correct, random: true };
  if (review?.status !== "resolved" || review.agreed === undefined) return undefined;
  if (review.reason === "requested") return undefined;
  return { correct: review.agreed, random: review.reason !== "rejected" };
}
