import * as z from "zod";
import { SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { changedAt } from "../prediction/new-prediction.ts";
import { fn } from "../util/fn.ts";
import { reviewRequested } from "./review.event.ts";
import { describeEnd } from "./describe.ts";
import { type ReviewOutcome, readCurrent, retryOnConflict, withReview } from "./record.ts";
import { openReview } from "./review.ts";

export const Note = z.string().trim().min(1).max(1_000);

export const requestReview = fn(
  z.object({ id: z.string(), note: Note.optional(), by: z.string(), now: z.number() }),
  ({ id, note, by, now }): Promise<ReviewOutcome> =>
    retryOnConflict(async () => {
      const prediction = await readCurrent(id);
      const { status, model, review } = prediction;
      if (status !== "completed" && status !== "rejected")
        throw new SluiceError(
          "REVIEW_IMPOSSIBLE",
          `Prediction ${id} is ${status}: only a completed or rejected one can be reviewed.`,
        );
      if (review?.status === "open") return { changed: false, prediction };
      if (review)
        throw new SluiceError(
          "REVIEW_CLOSED",
          `Prediction ${id} was already reviewed: ${describeEnd(prediction)}.`,
        );
      const open = openReview({ id, model }, now, { reason: "requested", requestedBy: by, note });
      const written = await commit([reviewRequested(prediction, open.review)], now, (writers) => [
        writers.prediction
          .update({ id })
          .set({ ...open, ...changedAt(now) })
          .where(
            (is, { eq, notExists }) =>
              `${notExists(is.reviewing)} AND ${eq(is.changedAt, prediction.changedAt)}`,
          )
          .commit(),
      ]);
      return written ? { changed: true, prediction: withReview(prediction, open.review, now) } : undefined;
    }),
);
