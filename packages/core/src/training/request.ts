// What a training may be told. Bounds are the trainers' own, so that a wrong option is refused here, named, and not by
// a job that has been paid for. 0 is a value: only what is absent is left to the declaration.
import { Duration } from "@sluice/models/duration.ts";
import * as z from "zod";

const whole = (low: number, high: number) => z.number().int().min(low).max(high);
const number = (low: number, high: number) => z.number().min(low).max(high);

/** The hyperparameters that have a name of their own. */
export const Options = z.strictObject({
  epochs: whole(1, 10_000).optional(),
  learningRate: number(1e-7, 10).optional(),
  batchSize: whole(1, 4_096).optional(),
  trainOnlyTopLayer: z.boolean().optional(),
  dropoutRate: number(0, 0.95).optional(),
  weightDecay: number(0, 10).optional(),
  /** Epochs without a better validation accuracy before training ends early. */
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
  /** Learns from this one, as it is. */
  dataset: z
    .string()
    .regex(/^ds_[0-9a-z]{1,40}$/, "is no dataset id")
    .optional(),
  /** Learns from the newest dataset that is ready instead of preparing one. */
  skipDataPrep: z.boolean().optional(),
  platform: Platform.optional(),
  /** Which of our containers, or SageMaker's own image classification, where it is to be another than the declared one. */
  container: z.enum(["probe", "torch", "builtin"]).optional(),
  instance: z
    .string()
    .regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, "must be an instance type such as ml.m5.xlarge")
    .optional(),
  spot: z.boolean().optional(),
  maxRuntime: Duration.optional(),
  /** For an image of one's own, whatever it reads; for the built-in algorithm, what it names itself. */
  hyperparameters: z
    .record(z.string().min(1).max(256), z.union([z.string().max(2_500), z.number(), z.boolean()]))
    .optional(),
  /** Also while another run of the model is under way. */
  force: z.boolean().optional(),
});
export type TrainingRequest = z.output<typeof TrainingRequest>;

/** The image that a request names; nothing where it is a container of the declaration or of the request. */
export const namedImage = ({ platform }: Pick<TrainingRequest, "platform">): string | undefined =>
  platform === "sagemaker" || platform === "local" ? undefined : platform;
