import type { EventRecord } from "@sluice/core/event/list.ts";

/** The details of an event that a person wants to read, on one line. */
export function describeEvent({ type, detail }: Pick<EventRecord, "type" | "detail">): string {
  const text = (name: string) => (detail[name] === undefined ? "" : String(detail[name]));
  if (type === "labels.changed")
    return `+${text("added")} ~${text("changed")} -${text("removed")} from ${text("source")}`;
  if (type === "review.requested")
    return [`by ${text("requestedBy")}`, text("note")].filter(Boolean).join(": ");
  if (type === "retrain.decided") return `${detail["act"] ? "yes" : "no"}: ${text("explanation")}`;
  if (type === "accuracy.low") return `${text("value")} of ${text("count")} items, bound ${text("bound")}`;
  const parts = [
    text("version"),
    text("step"),
    text("status"),
    text("secondaryStatus"),
    text("config"),
    text("reason") || text("failureReason"),
  ];
  return [...new Set(parts)].filter(Boolean).join(" ");
}
