import * as z from "zod";
import { PredictionDetail } from "../prediction/prediction.event.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { reviewReasons, type Review } from "./review.ts";

export const reviewEvents = {
  "review.requested": {
    subject: "id",
    detail: PredictionDetail.extend({
      reason: z.enum(reviewReasons),
      requestedBy: z.string().optional(),
      note: z.string().optional(),
      openedAt: z.string(),
    }),
  },
  /** Without a subject, so not stored: the record has the review, and its label has an event of its own. */
  "review.closed": {
    detail: PredictionDetail.extend({
      review: z.enum(["resolved", "dismissed"]),
      endedBy: z.string(),
      endedAt: z.string(),
    }),
  },
} as const;

type Reviewed = Pick<
  Prediction,
  "id" | "model" | "status" | "source" | "modelVersion" | "summary" | "resultKey"
>;

const detailOf = ({ id, model, status, source, modelVersion, summary, resultKey }: Reviewed) => ({
  id,
  model,
  status,
  source,
  modelVersion,
  summary,
  resultKey,
});

/** For a review that has ended. */
export const reviewClosed = (
  prediction: Reviewed,
  { status, endedBy, endedAt }: Pick<Review, "status" | "endedBy" | "endedAt">,
) => ({
  type: "review.closed" as const,
  detail: {
    ...detailOf(prediction),
    review: status as "resolved" | "dismissed",
    endedBy: endedBy!,
    endedAt: endedAt!,
  },
});

export const reviewRequested = (prediction: Reviewed, review: Review) => ({
  type: "review.requested" as const,
  detail: {
    ...detailOf(prediction),
    reason: review.reason,
    requestedBy: review.requestedBy,
    note: review.note,
    openedAt: review.openedAt,
  },
});
