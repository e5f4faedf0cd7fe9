// A model trained by SageMaker's built-in image classification is an MXNet archive, which the serving image cannot run.
// The policy is applied to the validation accuracy that the algorithm reports itself.
import type { DescribeTrainingJobResponse } from "@aws-sdk/client-sagemaker";
import { byName } from "@sluice/models/index.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { SluiceError } from "../error/error.ts";
import { isBuiltInImage } from "../training/builtin/registry.ts";
import type { SelfEvaluated } from "../version/register.ts";
import { applyPolicy } from "./policy.ts";
import { servingVersion } from "./serving.ts";

export const builtInEvaluationReason =
  "Measured by the algorithm on the validation split, which also chose the epoch; there was no held-out test.";

type Job = Pick<
  DescribeTrainingJobResponse,
  "AlgorithmSpecification" | "HyperParameters" | "FinalMetricDataList" | "TrainingJobName"
>;

/** Undefined for a job of any other image. */
export function describeBuiltInVersion(
  name: string,
  job: Job,
  dataset: Dataset | undefined,
): SelfEvaluated | undefined {
  if (!isBuiltInImage(job.AlgorithmSpecification?.TrainingImage)) return undefined;
  const { task, classes, policy } = byName(name)!;
  const [, height, width] = (job.HyperParameters?.["image_shape"] ?? "").split(",").map(Number);
  return {
    manifest: {
      task,
      classes: [...classes],
      head: "probabilities",
      width,
      height,
      algorithm: "image-classification",
    },
    async decide(version) {
      const accuracy = job.FinalMetricDataList?.find(
        ({ MetricName }) => MetricName === "validation:accuracy",
      )?.Value;
      if (accuracy === undefined)
        throw new SluiceError(
          "EVALUATION_MISSING",
          `${job.TrainingJobName} did not log validation:accuracy, which is needed to evaluate its model.`,
          { hint: `Read its log: npx sluice trainings logs ${job.TrainingJobName}` },
        );
      const samples = dataset?.items?.validation;
      const metrics = { ...(samples !== undefined && { samples }), accuracy };
      const live = await servingVersion({ model: name, version });
      // The live version cannot be measured on the same items.
      const { accepted, reason } = applyPolicy(policy.deploy, metrics, live && { version: live.version });
      return {
        status: accepted ? "accepted" : "refused",
        reason: `${reason} ${builtInEvaluationReason}`,
        metrics,
      };
    },
  };
}
