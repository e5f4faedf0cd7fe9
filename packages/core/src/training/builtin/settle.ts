// SageMaker's own image classification as a model's trainer: where it can run, on what, and what it is told.
import type { Model } from "@sluice/models/index.ts";
import { SluiceError } from "../../error/error.ts";
import { namedImage, type TrainingRequest } from "../request.ts";
import { hyperparametersFor } from "./hyperparameters.ts";
import { builtInImage, isBuiltInImage } from "./registry.ts";

/** The smallest with a GPU that it runs on: it trains on nothing else. */
const GPU_INSTANCE = "ml.g4dn.xlarge";
const hasGpu = (instance: string) => /^ml\.(p[2-9]|g[4-9])/.test(instance);

export function usesBuiltIn({ training }: Model, request: TrainingRequest): boolean {
  const image = namedImage(request);
  return image === undefined
    ? (request.container ?? training.container) === "builtin"
    : isBuiltInImage(image);
}

export function settleBuiltIn(model: Model, request: TrainingRequest) {
  const { name, task, training } = model;
  const { platform, instance } = request;
  const image = namedImage(request);
  const field = image === undefined ? "container" : "platform";
  if (task !== "image-classification")
    throw new SluiceError(
      "TRAINER_UNAVAILABLE",
      `${field}: the built-in algorithm learns classes of pictures; ${name} is declared ${task}.`,
      {
        hint:
          task === "object-detection"
            ? `Bring a trained detector: sluice provision ${name} --model FILE`
            : "Use --container probe.",
      },
    );
  if (platform === "local")
    throw new SluiceError(
      "TRAINER_UNAVAILABLE",
      "platform: SageMaker's built-in image classification is an image of AWS's own and runs there alone.",
      { hint: "Add --container probe to train here, or deploy the app and train without --platform." },
    );
  if (instance !== undefined && !hasGpu(instance))
    throw new SluiceError(
      "INPUT_INVALID",
      `instance: the built-in algorithm trains on GPUs only, and ${instance} has none.`,
      { hint: `Leave it out for ${GPU_INSTANCE}, or name another of the families p and g.` },
    );
  return {
    container: "builtin",
    image: image ?? builtInImage(process.env["AWS_REGION"] ?? ""),
    instance: instance ?? instanceOf(training, "builtin"),
    hyperparameters: hyperparametersFor(model, request),
  };
}

/** What a declaration trains on: one with no GPU is not what the built-in algorithm can use. */
export const instanceOf = ({ container, instance }: Model["training"], wanted: string = container): string =>
  wanted !== "builtin" || hasGpu(instance) ? instance : GPU_INSTANCE;
