// What SageMaker's built-in image classification trained: an MXNet archive that the serving image cannot run, and so no
// evaluation of ours either. Its own accuracy on the validation split is what there is to judge it by.
import type { DescribeTrainingJobResponse } from "@aws-sdk/client-sagemaker";
import { byName } from "@sluice/models/index.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { SluiceError } from "../error/error.ts";
import { verdictOn } from "./policy.ts";
import { serving } from "./serving.ts";
import { isBuiltInImage } from "../training/builtin/registry.ts";
import type { Judged } from "../version/register.ts";

export const measured =
  "Measured by the algorithm on the validation split, by which it chose its epoch; no held-out test.";

type Job = Pick<
  DescribeTrainingJobResponse,
  "AlgorithmSpecification" | "HyperParameters" | "FinalMetricDataList" | "TrainingJobName"
>;

/** Nothing for a job of any other image. */
export function builtIn(name: string, job: Job, dataset: Dataset | undefined): Judged | undefined {
  if (!isBuiltInImage(job.AlgorithmSpecification?.TrainingImage)) return undefined;
  const { task, classes, policy } = byName(name)!;
  const [, height, width] = (job.HyperParameters?.["image_shape"] ?? "").split(",").map(Number);
  return {
    about: {
      task,
      classes: [...classes],
      head: "probabilities",
      width,
      height,
      algorithm: "image-classification",
    },
    async verdict(version) {
      const accuracy = job.FinalMetricDataList?.find(
        ({ MetricName }) => MetricName === "validation:accuracy",
      )?.Value;
      if (accuracy === undefined)
        throw new SluiceError(
          "EVALUATION_MISSING",
          `${job.TrainingJobName} told no validation:accuracy to judge its model by.`,
          { hint: "Read its log: sluice training logs." },
        );
      const samples = dataset?.items?.validation;
      const metrics = { ...(samples !== undefined && { samples }), accuracy };
      const current = await serving({ model: name, version });
      // Nobody can ask the version that serves for the same items.
      const { accepted, reason } = verdictOn(policy.deploy, metrics, current && { version: current.version });
      return { status: accepted ? "accepted" : "refused", reason: `${reason} ${measured}`, metrics };
    },
  };
}
