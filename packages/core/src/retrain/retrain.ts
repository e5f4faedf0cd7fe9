// Decisions about automatic trainings: what is stored of each, and what the API returns.
import * as z from "zod";

/** What asked for the decision. */
export const triggers = ["labels", "drift", "accuracy", "schedule", "manual"] as const;
export type Trigger = (typeof triggers)[number];

/** The first group starts a training, the second does not. */
export const reasons = [
  "new-labels",
  "drift",
  "accuracy",
  "schedule",

  "not-declared",
  "running",
  "cooldown",
  "no-new-labels",
  "few-labels",
  "drift-ignored",
  "harm-unknown",
  "no-harm",
  "budget",
  "start-failed",
] as const;
export type Reason = (typeof reasons)[number];

export const Decision = z.object({
  act: z.boolean(),
  reason: z.enum(reasons),
  explanation: z.string(),
});
export type Decision = z.output<typeof Decision>;

export const RetrainDecision = Decision.extend({
  /** `ret_...` */
  id: z.string(),
  model: z.string(),
  trigger: z.enum(triggers),
  /** The training that it started. With `start-failed`: the failed one. */
  run: z.string().optional(),
  changedAt: z.string(),
});
export type RetrainDecision = z.output<typeof RetrainDecision>;
