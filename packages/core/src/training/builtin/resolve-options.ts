// The options of a job of SageMaker's built-in image classification.
import type { Model } from "@sluice/models/index.ts";
import { hasGpu } from "@sluice/models/instance.ts";
import { SluiceError } from "../../error/error.ts";
import { imageOf, type TrainingRequest } from "../request.ts";
import { hyperparametersFor } from "./hyperparameters.ts";
import { builtInImage, isBuiltInImage } from "./registry.ts";

/** The smallest supported instance: the algorithm trains on GPUs only. */
const GPU_INSTANCE = "ml.g4dn.xlarge";

export function usesBuiltIn({ training }: Model, request: TrainingRequest): boolean {
  const image = imageOf(request);
  return image === undefined
    ? (request.container ?? training.container) === "builtin"
    : isBuiltInImage(image);
}

export function resolveBuiltIn(model: Model, request: TrainingRequest) {
  const { name, task, training } = model;
  const { platform, instance } = request;
  const image = imageOf(request);
  const field = image === undefined ? "container" : "platform";
  if (task !== "image-classification")
    throw new SluiceError(
      "TRAINER_UNAVAILABLE",
      `${field}: the built-in algorithm trains image classifiers; ${name} is declared ${task}.`,
      {
        hint:
          task === "object-detection"
            ? `Upload a trained detector: npx sluice provision ${name} --package FILE`
            : "Use --container probe.",
      },
    );
  if (platform === "local")
    throw new SluiceError(
      "TRAINER_UNAVAILABLE",
      "platform: SageMaker's built-in image classification runs on AWS only.",
      { hint: "Add --container probe to train locally, or deploy the app and train without --platform." },
    );
  if (instance !== undefined && !hasGpu(instance))
    throw new SluiceError(
      "INPUT_INVALID",
      `instance: the built-in algorithm trains on GPUs only, and ${instance} has none.`,
      { hint: `Leave it out for ${GPU_INSTANCE}, or name another instance of the families p or g.` },
    );
  return {
    container: "builtin",
    image: image ?? builtInImage(process.env["AWS_REGION"] ?? ""),
    instance: instance ?? instanceOf(training, "builtin"),
    hyperparameters: hyperparametersFor(model, request),
  };
}

/** The declared instance, or one with a GPU where the built-in algorithm needs it. */
export const instanceOf = ({ container, instance }: Model["training"], used: string = container): string =>
  used !== "builtin" || hasGpu(instance) ? instance : GPU_INSTANCE;
