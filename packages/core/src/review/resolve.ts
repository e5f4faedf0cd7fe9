// Resolves or dismisses a review. The label and the end of the review are written in one transaction.
import * as z from "zod";
import { SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { labelDigest } from "../label/digest.ts";
import type { LabelInput } from "../label/label.ts";
import { labelOf } from "../label/of-prediction.ts";
import { shardOf } from "../label/shard.ts";
import { writeLabels } from "../label/write.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { fn } from "../util/fn.ts";
import { orderedId } from "../util/ordered-id.ts";
import { planTruths, type Truth } from "../accuracy/plan.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import { describeEnd } from "./describe.ts";
import { publishClosed } from "./publish-closed.ts";
import { closeReview, type ReviewOutcome, readCurrent, retryOnConflict, withReview } from "./record.ts";
import { type Review, reviewSource } from "./review.ts";
import { reviewedLabel, Verdict } from "./verdict.ts";

export const resolveReview = fn(
  z.object({ id: z.string(), verdict: Verdict, by: z.string(), now: z.number() }),
  async ({ id, verdict, by, now }): Promise<ReviewOutcome> => {
    const prediction = await readCurrent(id);
    const ended = { endedBy: by, endedAt: new Date(now).toISOString() };
    if (verdict.dismiss) return published(await dismiss(id, { ...ended, status: "dismissed" }, now));
    const { label, boxes } = await reviewedLabel(prediction, verdict);
    const end: End = {
      ...ended,
      status: "resolved",
      label,
      boxes: boxes?.length,
      digest: labelDigest({ label, boxes, key: "", labelledAt: "" }),
      agreed: verdict.agree ?? (label !== undefined && label === prediction.summary?.class),
    };
    // A repeated verdict succeeds even if the object was deleted since.
    if (!findOpen(prediction, end)) return { changed: false, prediction };
    const input = await labelOf(prediction, {
      label,
      boxes,
      annotator: by,
      source: reviewSource,
      labelledAt: ended.endedAt,
    });
    return published(await writeLabel(prediction, input, { ...end, key: input.key }, now));
  },
);

async function published(outcome: ReviewOutcome): Promise<ReviewOutcome> {
  const { changed, prediction } = outcome;
  if (changed) await publishClosed([[prediction, prediction.review!]]);
  return outcome;
}

type End = Omit<Review, "status" | "reason" | "openedAt" | "requestedBy" | "note"> & {
  status: "resolved" | "dismissed";
};

/** The open review. `undefined` if it ended with the same verdict. Throws for another verdict. */
function findOpen(prediction: Prediction, end: End): Review | undefined {
  const { id, review } = prediction;
  if (!review) throw new SluiceError("REVIEW_NOT_REQUESTED", `No review was requested for prediction ${id}.`);
  if (review.status === "open") return review;
  if (review.status === end.status && review.digest === end.digest) return undefined;
  throw new SluiceError("REVIEW_CLOSED", `The review of ${id} is closed: ${describeEnd(prediction)}.`, {
    details: { id, review },
  });
}

function dismiss(id: string, end: End, now: number): Promise<ReviewOutcome> {
  return retryOnConflict(async () => {
    const prediction = await readCurrent(id);
    const open = findOpen(prediction, end);
    if (!open) return { changed: false, prediction };
    const review = { ...open, ...end };
    const written = await commit([], now, (writers) => [closeReview(prediction, review, now)(writers)]);
    return written ? { changed: true, prediction: withReview(prediction, review, now) } : undefined;
  });
}

async function writeLabel(
  { id, model }: Prediction,
  label: LabelInput,
  end: End,
  now: number,
): Promise<ReviewOutcome> {
  let outcome: ReviewOutcome | undefined;
  const { key } = label;
  const changedAt = new Date(now).toISOString();
  const about = { id: orderedId("imp", now), model, source: reviewSource, keys: [key], changedAt };
  await writeLabels({ model, source: reviewSource, now }, shardOf(key), [{ type: "set", key, label }], {
    async alsoWrite() {
      const prediction = await readCurrent(id);
      const open = findOpen(prediction, end);
      if (!open) {
        outcome = { changed: false, prediction };
        return undefined;
      }
      const review = { ...open, ...withoutUndefined(end) };
      outcome = { changed: true, prediction: withReview(prediction, review, now) };
      const truth = await planTruths([truthOf(prediction, review)], now);
      return {
        writes: (writers) => [closeReview(prediction, review, now)(writers), ...truth.writes(writers)],
        events: truth.events,
      };
    },
    events: ({ added, changed, removed }) =>
      added + changed === 0
        ? []
        : [{ type: "labels.changed", detail: { ...about, added, changed, removed } }],
  });
  return outcome!;
}

/** A sampled review is random, also if the prediction is below the threshold. */
function truthOf(prediction: Prediction, { reason, sampled, label, agreed, endedAt }: Review): Truth {
  const group = sampled ? "random" : reason === "rejected" ? "low-confidence" : "requested";
  const about = { label, correct: agreed === true, source: "review", labelledAt: endedAt! } as const;
  return { prediction, group, ...about };
}
