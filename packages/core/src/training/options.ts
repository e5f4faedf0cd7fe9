// The hyperparameters of our containers. Bounds are those of the trainers, so that a wrong option fails before a job is
// paid for. 0 is a value: only an absent option falls back to the declaration.
import * as z from "zod";
import { Detector } from "./torch/detector-name.ts";
import { BaseModel, Weights } from "./torch/weights.ts";

const whole = (low: number, high: number) => z.number().int().min(low).max(high);
const number = (low: number, high: number) => z.number().min(low).max(high);

/** The strides of the networks divide the size. */
const IMAGE_STEP = 32;

export const Options = z.strictObject({
  epochs: whole(1, 10_000).optional(),
  learningRate: number(1e-7, 10).optional(),
  batchSize: whole(1, 4_096).optional(),
  weightDecay: number(0, 10).optional(),
  /** Epochs without a better validation metric before training stops early. */
  patience: whole(1, 10_000).optional(),
  minDelta: number(0, 1).optional(),
  dropoutRate: number(0, 0.95).optional(),
  trainOnlyTopLayer: z.boolean().optional(),
  /** Replaces the class weights of the dataset. */
  classWeights: z.enum(["balanced", "none"]).optional(),
  /** What training starts from. */
  weights: Weights.optional(),
  /** Evaluates and exports a moving average of the weights. */
  ema: z.boolean().optional(),
  quantize: z.enum(["int8", "none"]).optional(),
  /** Adds the weights to the package, so that a later training can start from this version. */
  keepWeights: z.boolean().optional(),

  imageSize: whole(IMAGE_STEP, 2_048).multipleOf(IMAGE_STEP).optional(),
  size: z.enum(["n", "s", "m"]).optional(),
  flipHorizontal: z.boolean().optional(),
  flipVertical: z.boolean().optional(),
  /** A share of a full turn, in both directions. */
  rotation: number(0, 1).optional(),
  /** A share of the size, in both directions. */
  zoom: number(0, 0.9).optional(),
  /** Strength of changes of brightness, contrast and saturation. */
  colour: number(0, 1).optional(),

  detector: Detector.optional(),
  /** The share of training images that are composed of four. */
  mosaic: number(0, 1).optional(),
  /** Trains at several image sizes. */
  multiScale: z.boolean().optional(),

  baseModel: BaseModel.optional(),
  /** The last layers of a base model that are trained. */
  trainableLayers: whole(0, 100).optional(),
});
export type Options = z.output<typeof Options>;
export type OptionName = keyof Options;
export const optionNames = Object.keys(Options.shape) as OptionName[];

/** Only the options that have a value. */
export const pickOptions = (values: Options): Options =>
  Object.fromEntries(
    optionNames.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]),
  );
