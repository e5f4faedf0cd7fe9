import type { DomainEvent } from "../event/domain.ts";
import type { Ending } from "./finish.ts";
import type { PredictionItem } from "./prediction.entity.ts";

/** The event of a prediction that has just ended; none for one that has not. */
export function endedEvent({ candidate, status, ...found }: Ending, now: number): DomainEvent | undefined {
  if (status === "pending" || status === "processing") return undefined;
  const { modelVersion, summary, error, resultKey } = found;
  const { id, model, source } = candidate;
  const finishedAt = new Date(now).toISOString();
  const detail = {
    id,
    model: model.name,
    status,
    source,
    modelVersion,
    summary,
    error,
    resultKey,
    finishedAt,
  };
  return { type: `prediction.${status}`, detail };
}

/** The same event from the record: its first publisher may have died before it could say it. */
export function recordedEvent(item: PredictionItem): DomainEvent | undefined {
  const { status } = item;
  if (status === "pending" || status === "processing") return undefined;
  const { id, model, source, modelVersion, summary, error, resultKey, finishedAt, changedAt } = item;
  const detail = { id, model, status, source, modelVersion, summary, error, resultKey };
  return { type: `prediction.${status}`, detail: { ...detail, finishedAt: finishedAt ?? changedAt } };
}
