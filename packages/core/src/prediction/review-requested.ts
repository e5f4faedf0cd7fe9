import type { DomainEvent } from "../event/domain.ts";
import type { Prediction } from "./prediction.ts";
import type { Review } from "../review/review.ts";

type Of = Pick<Prediction, "id" | "model" | "status" | "source" | "modelVersion" | "summary" | "resultKey">;
export type Requested = Extract<DomainEvent, { type: "review.requested" }>;

/** Tells that somebody should look at it. */
export const requestedEvent = (
  { id, model, status, source, modelVersion, summary, resultKey }: Of,
  { reason, requestedBy, note, openedAt }: Review,
): Requested => ({
  type: "review.requested",
  detail: {
    id,
    model,
    status,
    source,
    modelVersion,
    summary,
    resultKey,
    reason,
    requestedBy,
    note,
    openedAt,
  },
});
