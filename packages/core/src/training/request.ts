// The request of a training: the hyperparameters, and where and on what they train.
import { Duration } from "@sluice/models/duration.ts";
import * as z from "zod";
import { Options } from "./options.ts";
import { Profile } from "./training.ts";

/** Host, path and tag or digest. */
const ImageUri = z.string().regex(/^[a-z0-9.-]+(:\d+)?\/[\w./-]+([:@][\w.:-]+)?$/);

export const Platform = z.union([z.enum(["sagemaker", "local"]), ImageUri], {
  error: "must be `sagemaker`, `local` or the URI of a container image",
});

export const TrainingRequest = Options.extend({
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31)
    .optional(),
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
  /** Which declared hyperparameters of `torch` apply. By default the instance decides. */
  profile: Profile.optional(),
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
