// The hyperparameters of the built-in image classification, with the names and bounds of its documentation. It rejects
// unknown ones, so ours (model, classes, seed) are left out.
import type { Model } from "@sluice/models/index.ts";
import * as z from "zod";
import { invalidInput, SluiceError } from "../../error/error.ts";
import { Options } from "../options.ts";
import type { TrainingRequest } from "../request.ts";

const share = z.coerce.number().min(0).max(1);
const count = z.coerce.number().int().min(1);
const flag = z.coerce.number().int().min(0).max(1);

/** ResNet depths: for images as in ImageNet, and for small images of about 28 x 28. */
const deep = [18, 34, 50, 101, 152, 200];
const small = [20, 32, 44, 56, 110];

const Algorithm = z.strictObject({
  epochs: count,
  learning_rate: share,
  mini_batch_size: count,
  weight_decay: share,
  early_stopping: z.coerce.string().regex(/^(True|False)$/i, "must be True or False"),
  early_stopping_patience: count,
  early_stopping_min_epochs: count,
  early_stopping_tolerance: share,
  use_pretrained_model: flag,
  num_layers: z.coerce.number().refine((layers) => deep.includes(layers) || small.includes(layers), {
    error: `must be one of ${[...deep, ...small].join(", ")}`,
  }),
  image_shape: z.string().regex(/^[13], ?\d+, ?\d+$/, "must be channels, height, width, such as 3,224,224"),
  augmentation_type: z.enum(["crop", "crop_color", "crop_color_transform"]),
  optimizer: z.enum(["sgd", "adam", "rmsprop", "nag"]),
  momentum: share,
  beta_1: share,
  beta_2: share,
  eps: share,
  gamma: share,
  lr_scheduler_factor: share,
  lr_scheduler_step: z.coerce.string().regex(/^\d+(, ?\d+)*$/, "must be epochs, such as 10,20"),
  checkpoint_frequency: count,
  top_k: z.coerce.number().int().min(2),
  precision_dtype: z.enum(["float32", "float16"]),
  use_weighted_loss: flag,
});
type Name = keyof typeof Algorithm.shape;

/** The algorithm's default, 152 layers from scratch, needs more than a few hundred images. */
const defaults: Partial<Record<Name, unknown>> = {
  use_pretrained_model: 1,
  num_layers: 18,
  learning_rate: 0.01,
  image_shape: "3,224,224",
};

/** Our name of an option to the algorithm's. */
const nameOf: Partial<Record<string, Name>> = {
  epochs: "epochs",
  learningRate: "learning_rate",
  batchSize: "mini_batch_size",
  weightDecay: "weight_decay",
  patience: "early_stopping_patience",
  minDelta: "early_stopping_tolerance",
};

export function hyperparametersFor(model: Model, request: TrainingRequest): Record<string, string> {
  const { training, dataset } = model;
  const requested = Object.fromEntries(
    [...Object.keys(Options.shape), "seed"].map((name) => [name, request[name as keyof TrainingRequest]]),
  );
  const all: Record<string, unknown> = {
    ...defaults,
    ...augmentation(dataset.augmentation),
    ...(dataset.weights === "balanced" && { use_weighted_loss: 1 }),
    ...renamed({ patience: training.earlyStop?.patience, minDelta: training.earlyStop?.minDelta }),
    ...(training.container === "builtin" && renamed(training.hyperparameters)),
    ...renamed(requested),
    ...request.hyperparameters,
  };
  if (all["early_stopping_patience"] !== undefined || all["early_stopping_tolerance"] !== undefined)
    all["early_stopping"] ??= "True";
  const parsed = Algorithm.partial().safeParse(all);
  if (!parsed.success) throw invalidInput(parsed.error);
  check(parsed.data);
  return Object.fromEntries(Object.entries(parsed.data).map(([name, value]) => [name, String(value)]));
}

function renamed(values: Record<string, unknown>): Record<string, unknown> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const option = nameOf[name] ?? (name in Algorithm.shape ? name : undefined);
      if (option) return [option, value];
      throw new SluiceError(
        "INPUT_INVALID",
        `${name}: SageMaker's built-in image classification has no such option.`,
        {
          hint: `Use ${Object.keys(nameOf).join(", ")}, or an option of the algorithm: --hyperparameter num_layers=50.`,
        },
      );
    }),
  );
}

function check({ use_pretrained_model, num_layers, image_shape }: Partial<z.output<typeof Algorithm>>) {
  if (!use_pretrained_model) return;
  const refuse = (what: string) => {
    throw new SluiceError("INPUT_INVALID", `${what} has no pretrained model.`, {
      hint: "Add --hyperparameter use_pretrained_model=0, or leave it out.",
    });
  };
  if (!deep.includes(num_layers!)) refuse(`num_layers: a network of ${num_layers} layers`);
  if (!image_shape!.startsWith("3")) refuse(`image_shape: a network for gray images`);
}

/** The closest type: the algorithm crops, flips and rotates by at most 10 degrees. */
function augmentation({ flipHorizontal, flipVertical, rotation, zoom }: Model["dataset"]["augmentation"]) {
  if (rotation || zoom || flipVertical) return { augmentation_type: "crop_color_transform" };
  return flipHorizontal ? { augmentation_type: "crop" } : {};
}
