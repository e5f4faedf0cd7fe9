import { byName } from "@sluice/models/index.ts";
import { openReview } from "../review/review.ts";
import { isSampled } from "./sample.ts";
import type { Status } from "./prediction.ts";

/** The fields of the review that the end of a prediction opens. */
export function reviewOfOutcome(
  { id, model, status }: { id: string; model: string; status: Status },
  now: number,
) {
  if (status !== "rejected" && status !== "completed") return undefined;
  const sampled = isSampled(id, byName(model)?.monitoring?.review ?? 0);
  if (status === "completed" && !sampled) return undefined;
  return openReview({ id, model }, now, { reason: status === "rejected" ? "rejected" : "sampled", sampled });
}
