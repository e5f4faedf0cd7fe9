// A prediction's record as reviews read and write it.
import type { Writers } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { changedAt } from "../prediction/candidate.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { fromId } from "../prediction/record.ts";
import type { Review } from "./review.ts";

/** What a request or a verdict led to. */
export interface Outcome {
  /** False where all was so already. */
  changed: boolean;
  prediction: Prediction;
}

/** As it stands now: an answer from before somebody else's verdict would only be refused when written. */
export const current = (id: string): Promise<Prediction> => fromId(id, { consistent: true });

const attempts = 20;

/** Reads, decides and writes anew for as long as others write the same record in between. */
export async function untilWritten(attempt: () => Promise<Outcome | undefined>): Promise<Outcome> {
  for (let count = 0; count < attempts; count++) {
    const outcome = await attempt();
    if (outcome) return outcome;
  }
  throw new SluiceError("TABLE_FAILED", `Others wrote the same prediction ${attempts} times at once.`);
}

/** The end of a review, on the condition that it is open and the record still as it was read. */
export const ending =
  (before: Prediction, review: Review, now: number) =>
  ({ prediction }: Writers) =>
    prediction
      .update({ id: before.id })
      .set({ review, ...changedAt(now) })
      .remove(["reviewing", "reviewPlace"])
      .where((is, { eq, exists }) => `${exists(is.reviewing)} AND ${eq(is.changedAt, before.changedAt)}`)
      .commit();

/** The record as it is after such a write. */
export const after = (before: Prediction, review: Review, now: number): Prediction => ({
  ...before,
  review,
  changedAt: changedAt(now).changedAt,
});
