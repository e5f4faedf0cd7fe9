import type { DomainEvent } from "./domain.ts";

/**
 * The events that are kept; a prediction's record is its own history, and says as well that the gate sent it to review:
 * of `review.requested` those of a person are kept.
 */
export type Kept = Exclude<DomainEvent, { type: `prediction.${string}` }>;

/** What an event is filed under. */
export function subjectOf({ type, detail }: Kept): string {
  switch (type) {
    case "review.requested":
    case "labels.changed":
    case "dataset.changed":
      return detail.id;
    case "training.changed":
    case "endpoint.changed":
      return detail.name;
    case "training.deferred":
      return detail.model;
    case "version.registered":
    case "version.accepted":
    case "version.refused":
      return detail.version;
    case "deployment.changed":
      return detail.endpoint;
  }
}
