// Somebody wants a prediction looked at.
import * as z from "zod";
import { SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { changedAt } from "../prediction/candidate.ts";
import { fn } from "../util/fn.ts";
import { after, current, type Outcome, untilWritten } from "./record.ts";
import { reviewRequested } from "./review.event.ts";
import { flagged } from "./review.ts";
import { endOf } from "./words.ts";

export const Note = z.string().trim().min(1).max(1_000);

export const request = fn(
  z.object({ id: z.string(), note: Note.optional(), by: z.string(), now: z.number() }),
  ({ id, note, by, now }): Promise<Outcome> =>
    untilWritten(async () => {
      const prediction = await current(id);
      const { status, model, review } = prediction;
      if (status !== "completed" && status !== "rejected")
        throw new SluiceError("REVIEW_IMPOSSIBLE", `Prediction ${id} is ${status}: nothing to review.`);
      if (review?.status === "open") return { changed: false, prediction };
      if (review) throw new SluiceError("REVIEW_OVER", `It was reviewed already: ${endOf(prediction)}.`);
      const open = flagged({ id, model }, now, { requestedBy: by, note });
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
      return written ? { changed: true, prediction: after(prediction, open.review, now) } : undefined;
    }),
);
