import type { DomainEvent } from "../events.ts";
import { reviewSource } from "../review/review.ts";
import type { Asked } from "./decisions.ts";

type RetrainEvent = DomainEvent<"labels.changed" | "drift.detected" | "accuracy.low">;

/** The decision that an event asks for. */
export function askOf({ type, detail }: RetrainEvent): Asked {
  const cause = (id: string) => ({ id: `${type} ${id}`, at: detail.changedAt });
  if (type === "drift.detected") return { trigger: "drift", cause: cause(detail.id), always: true };
  if (type === "accuracy.low") return { trigger: "accuracy", cause: cause(detail.from), always: true };
  // Reviews set one label at a time: a "no" for each would hide the other decisions.
  return { trigger: "labels", cause: cause(detail.id), always: detail.source !== reviewSource };
}
