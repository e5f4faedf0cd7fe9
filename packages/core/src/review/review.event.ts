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
} as const;

type Reviewed = Pick<
  Prediction,
  "id" | "model" | "status" | "source" | "modelVersion" | "summary" | "resultKey"
>;

export const reviewRequested = (prediction: Reviewed, review: Review) => ({
  type: "review.requested" as const,
  detail: {
    id: prediction.id,
    model: prediction.model,
    status: prediction.status,
    source: prediction.source,
    modelVersion: prediction.modelVersion,
    summary: prediction.summary,
    resultKey: prediction.resultKey,
    reason: review.reason,
    requestedBy: review.requestedBy,
    note: review.note,
    openedAt: review.openedAt,
  },
});
