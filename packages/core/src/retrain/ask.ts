import type { DomainEvent } from "../events.ts";
import { isProductionSource } from "../label/production.ts";
import type { Asked } from "./decisions.ts";

type RetrainEvent = DomainEvent<"labels.changed" | "drift.detected" | "accuracy.low">;

/**
 * The decision that an event asks for. None for a review and for ground truth: many arrive in a row, and the hourly check
 * sees them together.
 */
export function askOf({ type, detail }: RetrainEvent): Asked | undefined {
  const cause = (id: string) => ({ id: `${type} ${id}`, at: detail.changedAt });
  if (type === "drift.detected") return { trigger: "drift", cause: cause(detail.id), always: true };
  if (type === "accuracy.low") return { trigger: "accuracy", cause: cause(detail.from), always: true };
  if (isProductionSource(detail.source)) return undefined;
  return { trigger: "labels", cause: cause(detail.id), always: true };
}
