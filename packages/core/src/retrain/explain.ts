// Explains the retraining of a model: the last decisions, what would be decided now, and what is missing.
import * as z from "zod";
import { getModel } from "../model/model.ts";
import { fn } from "../util/fn.ts";
import { decide, unmetConditions, urgentCause } from "./decide.ts";
import { listDecisions } from "./decisions.ts";
import { readFacts } from "./facts.ts";
import { Decision, RetrainDecision } from "./retrain.ts";

export const ExplainQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().optional(),
});

export const RetrainExplanation = z.object({
  model: z.string(),
  /** What a check would decide now. */
  next: Decision,
  /** All conditions that are not met, as sentences. */
  missing: z.array(z.string()),
  /** Stored decisions, newest first. */
  items: z.array(RetrainDecision),
  cursor: z.string().optional(),
});
export type RetrainExplanation = z.output<typeof RetrainExplanation>;

export const explainRetrain = fn(
  ExplainQuery.extend({ model: z.string(), now: z.number() }),
  async ({ model, now, ...page }): Promise<RetrainExplanation> => {
    getModel(model);
    const [facts, decisions] = await Promise.all([
      readFacts(model, now),
      listDecisions({ model, ...page }, now),
    ]);
    const trigger = urgentCause(facts)?.reason ?? "labels";
    return {
      model,
      next: decide(facts, trigger),
      missing: unmetConditions(facts, trigger).map(({ explanation }) => explanation),
      ...decisions,
    };
  },
);
