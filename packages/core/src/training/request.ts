// The options of a training. Bounds are those of the trainers, so that an invalid option fails before a job is paid.
// 0 is a value: only an absent option falls back to the declaration.
import { Duration } from "@sluice/models/duration.ts";
import * as z from "zod";

const whole = (low: number, high: number) => z.number().int().min(low).max(high);
const number = (low: number, high: number) => z.number().min(low).max(high);

/** The hyperparameters of our containers. */
export const Options = z.strictObject({
  epochs: whole(1, 10_000).optional(),
  learningRate: number(1e-7, 10).optional(),
  batchSize: whole(1, 4_096).optional(),
  trainOnlyTopLayer: z.boolean().optional(),
  dropoutRate: number(0, 0.95).optional(),
  weightDecay: number(0, 10).optional(),
  /** Epochs without a better validation accuracy before training stops early. */
  patience: whole(1, 10_000).optional(),
  minDelta: number(0, 1).optional(),
});
export type Options = z.output<typeof Options>;

/** Host, path and tag or digest. */
const ImageUri = z.string().regex(/^[a-z0-9.-]+(:\d+)?\/[\w./-]+([:@][\w.:-]+)?$/);

export const Platform = z.union([z.enum(["sagemaker", "local"]), ImageUri], {
  error: "must be `sagemaker`, `local` or the URI of a container image",
});

export const TrainingRequest = Options.extend({
  seed: whole(0, 2 ** 31).optional(),
  /** Trains on this dataset unchanged. */
  dataset: z
    .string()
    .regex(/^ds_[0-9a-z]{1,40}$/, "must be a dataset id such as ds_1hk3v7q2m")
    .optional(),
  /** Trains on the newest ready dataset instead of preparing one. */
  skipDataPrep: z.boolean().optional(),
  platform: Platform.optional(),
  /** Overrides the declared container. `builtin` is SageMaker's own image classification. */
  container: z.enum(["probe", "torch", "builtin"]).optional(),
  instance: z
    .string()
    .regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, "must be an instance type such as ml.m5.xlarge")
    .optional(),
  spot: z.boolean().optional(),
  maxRuntime: Duration.optional(),
  /** Any names for a custom image; the algorithm's own names for `builtin`. */
  hyperparameters: z
    .record(z.string().min(1).max(256), z.union([z.string().max(2_500), z.number(), z.boolean()]))
    .optional(),
  /** Start even while another run of the model is active. */
  force: z.boolean().optional(),
});
export type TrainingRequest = z.output<typeof TrainingRequest>;

/** The custom image that a request names. */
export const imageOf = ({ platform }: Pick<TrainingRequest, "platform">): string | undefined =>
  platform === "sagemaker" || platform === "local" ? undefined : platform;
