import type { DomainEvent } from "../events.ts";
import { reviewRequested } from "../review/review.event.ts";
import { openReview } from "../review/review.ts";
import type { PredictionOutcome } from "./write-outcomes.ts";
import type { PredictionItem } from "./prediction.entity.ts";

/** The events of a prediction that has just ended. */
export function eventsOfOutcome(
  { prediction, status, ...rest }: PredictionOutcome,
  now: number,
): DomainEvent[] {
  if (status === "pending" || status === "processing") return [];
  const { modelVersion, summary, error, resultKey } = rest;
  const { id, model, source } = prediction;
  const of = { id, model: model.name, status, source, modelVersion, summary, resultKey };
  const finishedAt = new Date(now).toISOString();
  const ended: DomainEvent = { type: `prediction.${status}`, detail: { ...of, error, finishedAt } };
  return status === "rejected" ? [ended, reviewRequested(of, openReview(of, now).review)] : [ended];
}

/** The same events from the record: the first publisher may have died before publishing them. */
export function eventsOfRecord(item: PredictionItem): DomainEvent[] {
  const { status } = item;
  if (status === "pending" || status === "processing") return [];
  const { id, model, source, modelVersion, summary, error, resultKey, finishedAt, changedAt } = item;
  const of = { id, model, status, source, modelVersion, summary, resultKey };
  const ended: DomainEvent = {
    type: `prediction.${status}`,
    detail: { ...of, error, finishedAt: finishedAt ?? changedAt },
  };
  const { review } = item;
  const open = review?.status === "open" && review.reason === "rejected";
  return open ? [ended, reviewRequested(of, review)] : [ended];
}
