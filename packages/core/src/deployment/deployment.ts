// The deployment of a version: one record that events move from step to step.
import * as z from "zod";
import { StepReport } from "../comparison/comparison.ts";

/**
 * In this order. `candidate`: an endpoint beside the live one. `smoke`: a prediction of a known input on it. `shifting`:
 * it serves a share of the predictions. `live`: the live endpoint is created or updated. `verifying`: the live endpoint is
 * checked. `cleanup`: the candidate and unused models and configs are removed.
 */
export const deploymentSteps = [
  "preparing",
  "candidate",
  "smoke",
  "shifting",
  "live",
  "verifying",
  "cleanup",
  "done",
] as const;
export const DeploymentStep = z.enum(deploymentSteps);

const oldSteps: Record<string, DeploymentStep> = { proving: "verifying", collecting: "cleanup" };
/** Records of an older version have other names for two steps. */
export const readStoredStep = (stored: DeploymentStep): DeploymentStep => oldSteps[stored] ?? stored;

export type DeploymentStep = z.output<typeof DeploymentStep>;

export const deploymentStatuses = ["running", "live", "failed", "superseded"] as const;
export const DeploymentStatus = z.enum(deploymentStatuses);
export type DeploymentStatus = z.output<typeof DeploymentStatus>;

export const deploymentTargets = ["serverless", "realtime", "async", "local"] as const;

/** The declared hosting with the options of the request. */
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

/** Shares of the predictions in percent, one after the other. 100 makes it live; a lower last share stays. */
export const Shift = z.object({
  shares: z.array(z.number().int().min(1).max(100)).min(1).max(20),
  everySeconds: z.number(),
  /** Of the candidate's responses; above it the deployment fails. */
  maxErrorRate: z.number().min(0).max(1),
  /** Index of the current share. */
  at: z.number(),
  /** When the next share starts. */
  nextAt: z.string().optional(),
});
export type Shift = z.output<typeof Shift>;

export const Deployment = z.object({
  id: z.string(),
  model: z.string(),
  version: z.string(),
  hosting: Hosting,
  /** What was asked for, when the account's quotas allowed less: `reason` then says so. */
  requested: Hosting.pick({ memory: true, concurrency: true }).optional(),
  /** Empty for the target `local`. */
  endpoint: z.string(),
  candidate: z.string(),
  /** Name of the SageMaker model and of its endpoint config. */
  config: z.string(),
  status: DeploymentStatus,
  step: DeploymentStep,
  reason: z.string().optional(),
  /** Compared with the live deployment at its start: `memory 4096 -> 2048`. */
  changes: z.array(z.string()).optional(),
  /** The version and config that stay live if this fails. */
  previous: z.object({ version: z.string().optional(), config: z.string().optional() }).optional(),
  shift: Shift.optional(),
  /** Of the live version and the candidate, at the end of each share. */
  comparisons: z.array(StepReport).optional(),
  /** A person's token, or `policy`. */
  requestedBy: z.string(),
  /** When each step started. */
  times: z.array(z.object({ step: DeploymentStep, at: z.string(), note: z.string().optional() })),
  startedAt: z.string(),
  changedAt: z.string(),
  finishedAt: z.string().optional(),
});
export type Deployment = z.output<typeof Deployment>;
