// A spot check evaluates a version on some held-out items. It changes neither the metrics nor the status of the version.
import { DescribeProcessingJobCommand } from "@aws-sdk/client-sagemaker";
import * as z from "zod";
import { isMissing } from "../aws/sagemaker-errors.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { SluiceError } from "../error/error.ts";
import type { ModelVersion } from "../version/version.ts";
import { Evaluation } from "./evaluation.ts";
import { createEvaluationJob, evaluationDataset, evaluationFolder } from "./job.ts";
import { readEvaluation } from "./read.ts";

export const SpotCheckRequest = z.object({
  dataset: z.string().max(64).optional(),
  /** The most held-out items to evaluate. */
  samples: z.number().int().min(1).max(1_000_000),
});

export const SpotCheck = z.object({
  job: z.string(),
  status: z.enum(["running", "done", "failed"]),
  reason: z.string().optional(),
  evaluation: Evaluation.optional(),
});
export type SpotCheck = z.output<typeof SpotCheck>;

export async function startSpotCheck(
  version: ModelVersion,
  { dataset: requested, samples }: z.output<typeof SpotCheckRequest>,
  now: number,
): Promise<SpotCheck & { dataset: string }> {
  const dataset = await evaluationDataset(version, requested);
  const job = await createEvaluationJob(version, { dataset, samples }, now);
  return { job, status: "running", dataset: dataset.id };
}

/** The state of the job, and its result when it is done. */
export async function readSpotCheck({ model, version }: ModelVersion, job: string): Promise<SpotCheck> {
  const found = await sagemaker()
    .send(new DescribeProcessingJobCommand({ ProcessingJobName: job }))
    .catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  const { SLUICE_MODEL, SLUICE_VERSION, SAMPLES } = found?.Environment ?? {};
  if (SLUICE_MODEL !== model || SLUICE_VERSION !== version || SAMPLES === undefined)
    throw new SluiceError("EVALUATION_MISSING", `Version ${version} of ${model} has no spot check ${job}.`);
  const { ProcessingJobStatus: status, FailureReason, ExitMessage } = found!;
  if (status === "Completed") {
    const evaluation = await readEvaluation(`${evaluationFolder(model, version, job)}evaluation.json`);
    return { job, status: "done", evaluation };
  }
  if (status !== "Failed" && status !== "Stopped") return { job, status: "running" };
  const reason = FailureReason ?? ExitMessage ?? `The job was ${status.toLowerCase()}.`;
  return { job, status: "failed", reason };
}
