import type { DomainEvent } from "../events.ts";
import { reviewRequested } from "../review/review.event.ts";
import { reviewOfOutcome } from "./outcome-review.ts";
import { type PredictionOutcome, withoutEmbedding } from "./write-outcomes.ts";
import type { PredictionItem } from "./prediction.entity.ts";

/** The events of a prediction that has just ended, or that waits. */
export function eventsOfOutcome(
  { prediction, status, ...rest }: PredictionOutcome,
  now: number,
): DomainEvent[] {
  const { modelVersion, error, resultKey } = rest;
  const summary = withoutEmbedding(rest.summary);
  const { id, model, source } = prediction;
  const of = { id, model: model.name, status, source, modelVersion, summary, resultKey };
  if (status === "pending" || status === "processing")
    return [{ type: "prediction.waiting", detail: { ...of, error } }];
  const finishedAt = new Date(now).toISOString();
  const ended: DomainEvent = { type: `prediction.${status}`, detail: { ...of, error, finishedAt } };
  const opened = reviewOfOutcome(of, now);
  return opened ? [ended, reviewRequested(of, opened.review)] : [ended];
}

/** The same events from the record: the first publisher may have died before publishing them. */
export function eventsOfRecord(item: PredictionItem): DomainEvent[] {
  const { status } = item;
  if (status === "pending" || status === "processing") return [];
  const { id, model, source, modelVersion, error, resultKey, finishedAt, changedAt } = item;
  const summary = withoutEmbedding(item.summary);
  const of = { id, model, status, source, modelVersion, summary, resultKey };
  const ended: DomainEvent = {
    type: `prediction.${status}`,
    detail: { ...of, error, finishedAt: finishedAt ?? changedAt },
  };
  const { review } = item;
  const open = review?.status === "open" && review.reason !== "requested";
  return open ? [ended, reviewRequested(of, review)] : [ended];
}
