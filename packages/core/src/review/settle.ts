// A person's verdict ends a review. The label it becomes and the end are one write: neither is there without the other.
import * as z from "zod";
import { SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { digestOf } from "../label/digest.ts";
import type { Said } from "../label/label.ts";
import { shardOf } from "../label/shard.ts";
import { apply } from "../label/write.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { fn } from "../util/fn.ts";
import { orderedId } from "../util/ordered-id.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import { after, current, ending, type Outcome, untilWritten } from "./record.ts";
import type { Review } from "./review.ts";
import { decided, labelOf, reviewSource, Verdict } from "./verdict.ts";
import { endOf } from "./words.ts";

export const settle = fn(
  z.object({ id: z.string(), verdict: Verdict, by: z.string(), now: z.number() }),
  async ({ id, verdict, by, now }): Promise<Outcome> => {
    const prediction = await current(id);
    const end = { endedBy: by, endedAt: new Date(now).toISOString() };
    if (verdict.dismiss) return dismiss(id, { ...end, status: "dismissed" }, now);
    const decision = await decided(prediction, verdict);
    const settled: End = {
      ...end,
      status: "settled",
      label: decision.label,
      boxes: decision.boxes?.length,
      digest: digestOf({ ...decision, key: "", labelledAt: "" }),
      agreed: verdict.agree ?? (decision.label !== undefined && decision.label === prediction.summary?.class),
    };
    // What was said before needs no object any more.
    if (!openFor(prediction, settled)) return { changed: false, prediction };
    const said = await labelOf(prediction, decision, by, now);
    return label(prediction, said, { ...settled, key: said.key }, now);
  },
);

type End = Omit<Review, "status" | "reason" | "openedAt" | "requestedBy" | "note"> & {
  status: "settled" | "dismissed";
};

/** The open review; nothing where the same was said before. Another word that was said, or none asked for, is an error. */
function openFor(prediction: Prediction, end: End): Review | undefined {
  const { id, review } = prediction;
  if (!review) throw new SluiceError("REVIEW_NOT_ASKED", `Prediction ${id} was never sent to review.`);
  if (review.status === "open") return review;
  if (review.status === end.status && review.digest === end.digest) return undefined;
  throw new SluiceError("REVIEW_OVER", `${endOf(prediction)}.`, { details: { id, review } });
}

function dismiss(id: string, end: End, now: number): Promise<Outcome> {
  return untilWritten(async () => {
    const prediction = await current(id);
    const open = openFor(prediction, end);
    if (!open) return { changed: false, prediction };
    const review = { ...open, ...end };
    const written = await commit([], now, (writers) => [ending(prediction, review, now)(writers)]);
    return written ? { changed: true, prediction: after(prediction, review, now) } : undefined;
  });
}

async function label({ id, model }: Prediction, said: Said, end: End, now: number): Promise<Outcome> {
  let outcome: Outcome | undefined;
  const changedAt = new Date(now).toISOString();
  const event = { id: orderedId("imp", now), model, source: reviewSource, keys: [said.key], changedAt };
  await apply({ model, source: reviewSource, now }, shardOf(said.key), [{ key: said.key, said }], {
    async along() {
      const prediction = await current(id);
      const open = openFor(prediction, end);
      if (!open) {
        outcome = { changed: false, prediction };
        return undefined;
      }
      const review = { ...open, ...withoutUndefined(end) };
      outcome = { changed: true, prediction: after(prediction, review, now) };
      return (writers) => [ending(prediction, review, now)(writers)];
    },
    events: ({ added, changed, removed }) =>
      added + changed === 0
        ? []
        : [{ type: "labels.changed", detail: { ...event, added, changed, removed } }],
  });
  return outcome!;
}
