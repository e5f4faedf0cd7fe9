// Reads and writes the review in a prediction's record.
import type { Writers } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { changedAt } from "../prediction/new-prediction.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { getPrediction } from "../prediction/record.ts";
import type { Review } from "./review.ts";

export interface ReviewOutcome {
  /** False for a repeated request or verdict. */
  changed: boolean;
  prediction: Prediction;
}

/** A consistent read: a write based on an older record fails its condition. */
export const readCurrent = (id: string): Promise<Prediction> => getPrediction(id, { consistent: true });

const maxAttempts = 20;

/** Repeats an attempt that returns `undefined`, because others wrote the same record. */
export async function retryOnConflict(
  attempt: () => Promise<ReviewOutcome | undefined>,
): Promise<ReviewOutcome> {
  for (let count = 0; count < maxAttempts; count++) {
    const outcome = await attempt();
    if (outcome) return outcome;
  }
  throw new SluiceError(
    "TABLE_FAILED",
    `The review was not written: other writers changed the prediction ${maxAttempts} times.`,
  );
}

/** Ends a review, if it is open and the record has not changed since it was read. */
export const closeReview =
  (before: Prediction, review: Review, now: number) =>
  ({ prediction }: Writers) =>
    prediction
      .update({ id: before.id })
      .set({ review, ...changedAt(now) })
      .remove(["reviewing", "reviewPlace"])
      .where((is, { eq, exists }) => `${exists(is.reviewing)} AND ${eq(is.changedAt, before.changedAt)}`)
      .commit();

export const withReview = (before: Prediction, review: Review, now: number): Prediction => ({
  ...before,
  review,
  changedAt: changedAt(now).changedAt,
});
