// A version on its way to answering for its model: one record, whoever asked for it, moved on by events.
import * as z from "zod";

/**
 * In this order. `candidate`: its own endpoint beside the live one. `smoke`: that is asked a known input. `shifting`:
 * it answers a share of the predictions. `live`: the live endpoint is created or updated. `proving`: that serves what it
 * should and answers. `collecting`: the candidate, and models and configs no longer used, are removed.
 */
export const deploymentSteps = [
  "preparing",
  "candidate",
  "smoke",
  "shifting",
  "live",
  "proving",
  "collecting",
  "done",
] as const;
export const DeploymentStep = z.enum(deploymentSteps);
export type DeploymentStep = z.output<typeof DeploymentStep>;

export const deploymentStatuses = ["running", "live", "failed", "superseded"] as const;
export const DeploymentStatus = z.enum(deploymentStatuses);
export type DeploymentStatus = z.output<typeof DeploymentStatus>;

export const deploymentTargets = ["serverless", "realtime", "async", "local"] as const;

/** How it is hosted: what the declaration says, where the request says nothing else. */
export const Hosting = z.object({
  target: z.enum(deploymentTargets),
  /** MB, for serverless. */
  memory: z.number(),
  /** Requests at once, for serverless. */
  concurrency: z.number(),
  /** For realtime and async. */
  instance: z.string(),
  autoscaling: z.object({ min: z.number(), max: z.number() }),
});
export type Hosting = z.output<typeof Hosting>;

/** Shares of the predictions, one after the other; 100 makes it live, a last one below stays until told otherwise. */
export const Shift = z.object({
  shares: z.array(z.number().int().min(1).max(100)).min(1).max(20),
  everySeconds: z.number(),
  /** Of the candidate's answers; above it the shift is given up. */
  maxErrorRate: z.number().min(0).max(1),
  /** Which share holds now. */
  at: z.number(),
  /** When the next one is due. */
  nextAt: z.string().optional(),
});
export type Shift = z.output<typeof Shift>;

export const Deployment = z.object({
  id: z.string(),
  model: z.string(),
  version: z.string(),
  hosting: Hosting,
  /** Empty for the target `local`, which has none. */
  endpoint: z.string(),
  candidate: z.string(),
  /** Of the SageMaker model and of its endpoint config alike. */
  config: z.string(),
  status: DeploymentStatus,
  step: DeploymentStep,
  reason: z.string().optional(),
  /** What answered before, and what answers on if this fails. */
  previous: z.object({ version: z.string().optional(), config: z.string().optional() }).optional(),
  shift: Shift.optional(),
  /** A person's token, or `policy`. */
  requestedBy: z.string(),
  /** When each step began. */
  times: z.array(z.object({ step: DeploymentStep, at: z.string(), note: z.string().optional() })),
  startedAt: z.string(),
  changedAt: z.string(),
  finishedAt: z.string().optional(),
});
export type Deployment = z.output<typeof Deployment>;
