// The version that serves a model, and the share of predictions that a candidate serves.
import { targets } from "@sluice/models/names.ts";
import * as z from "zod";
import { deploymentTargets } from "../deployment/deployment.ts";
import type { ModelVersion } from "../version/version.ts";

/** Set for an image that returns a list of probabilities: its classes in order. */
const ProbabilityClasses = z.array(z.string()).optional();

export const Traffic = z.object({
  model: z.string(),
  /** The live version; absent when the endpoint was not created by this app. */
  version: z.string().optional(),
  endpoint: z.string().optional(),
  target: z.enum(deploymentTargets).optional(),
  probabilityClasses: ProbabilityClasses,
  /** Serves this share of the predictions, 0 to 100. */
  candidate: z
    .object({
      version: z.string(),
      endpoint: z.string(),
      target: z.enum(targets),
      share: z.number(),
      since: z.string(),
      probabilityClasses: ProbabilityClasses,
    })
    .optional(),
  /** Responses and failures of the candidate at its present share. */
  responses: z.number().optional(),
  failures: z.number().optional(),
  /** The deployment of a first endpoint that has not passed its smoke test: predictions wait. */
  opening: z.string().optional(),
  /** The deployment that may change this record. */
  deployment: z.string().optional(),
  changedAt: z.string(),
});
export type Traffic = z.output<typeof Traffic>;

export const probabilityClassesOf = ({ manifest }: ModelVersion): string[] | undefined =>
  manifest.algorithm && manifest.classes;
