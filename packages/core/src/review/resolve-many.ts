// Applies one verdict to several reviews, such as a group of near-duplicates.
import * as z from "zod";
import { toSluiceError } from "../error/error.ts";
import { Prediction } from "../prediction/prediction.ts";
import { fn } from "../util/fn.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import { resolveReview } from "./resolve.ts";
import { Verdict } from "./verdict.ts";

const MAX_REVIEWS = 50;
/** More writers conflict in the shards of the labels. */
const CONCURRENCY = 4;

export const GroupVerdict = z.object({
  ids: z.array(z.string().min(1).max(80)).min(1).max(MAX_REVIEWS),
  verdict: Verdict,
});

export const GroupOutcome = z.object({
  id: z.string(),
  changed: z.boolean(),
  prediction: Prediction.optional(),
  /** Why this review was not resolved. The others are not affected. */
  problem: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type GroupOutcome = z.output<typeof GroupOutcome>;

export const resolveReviews = fn(
  GroupVerdict.extend({ by: z.string(), now: z.number() }),
  ({ ids, verdict, by, now }): Promise<GroupOutcome[]> =>
    mapConcurrently(CONCURRENCY, [...new Set(ids)], async (id) => {
      try {
        return { id, ...(await resolveReview({ id, verdict, by, now })) };
      } catch (thrown) {
        const { kind, code, message } = toSluiceError(thrown);
        if (kind === "system") throw thrown;
        return { id, changed: false, problem: { code, message } };
      }
    }),
);
