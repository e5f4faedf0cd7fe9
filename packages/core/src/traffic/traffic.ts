// Which version answers for a model, and which share of its predictions another one answers.
import { targets } from "@sluice/models/names.ts";
import * as z from "zod";
import type { ModelVersion } from "../version/version.ts";
import { deploymentTargets } from "../deployment/deployment.ts";

/** Set where an image answers bare probabilities: the classes they are of, in order. */
const Bare = z.array(z.string()).optional();

export const Traffic = z.object({
  model: z.string(),
  /** The version last called live; none when the endpoint was made by other hands, or by nobody. */
  version: z.string().optional(),
  endpoint: z.string().optional(),
  target: z.enum(deploymentTargets).optional(),
  bare: Bare,
  /** Answers this share of the predictions, 0 to 100. */
  candidate: z
    .object({
      version: z.string(),
      endpoint: z.string(),
      target: z.enum(targets),
      share: z.number(),
      since: z.string(),
      bare: Bare,
    })
    .optional(),
  /** Of the candidate since it got its present share: what it was asked, and how often it failed. */
  answers: z.number().optional(),
  failures: z.number().optional(),
  /** A first endpoint that has not passed its smoke test yet: predictions wait. */
  opening: z.string().optional(),
  /** The deployment it belongs to. */
  deployment: z.string().optional(),
  changedAt: z.string(),
});
export type Traffic = z.output<typeof Traffic>;

export const bareOf = ({ about }: ModelVersion): string[] | undefined => about.algorithm && about.classes;
