// The fields of a model declaration, and their defaults.
import "./plain-messages.ts";
import * as z from "zod";
import { Duration } from "./duration.ts";
import { REALTIME_REQUEST_BYTES } from "./limits.ts";

const Share = z.number().min(0).max(1);
const Count = z.number().int().positive();
const DAILY = "1 day";
/** Of int8 against fp32, as a share: one point of accuracy or mAP. */
export const DEFAULT_MAX_LOSS = 0.01;

export const tasks = ["image-classification", "object-detection", "text-classification"] as const;
export const Task = z.enum(tasks);
export type Task = z.output<typeof Task>;

/** A key prefix in the uploads bucket. */
const Prefix = z
  .string()
  .regex(/^uploads\/([A-Za-z0-9!_.'()-]+\/)+$/, "must start with `uploads/` and end with `/`")
  .refine((prefix) => !prefix.split("/").includes(".."), "must not contain `..`");

const ContentType = z.string().regex(/^[a-z]+\/[a-z0-9.+-]+$/, "must be a media type such as `image/png`");

export const Accepts = z.strictObject({
  prefixes: z.array(Prefix).min(1).optional(),
  contentTypes: z.array(ContentType).min(1).optional(),
  /** Bytes. SageMaker's serverless endpoints accept 4 MB. */
  maxBytes: Count.max(REALTIME_REQUEST_BYTES).optional(),
  /** Width times height; a larger image is rejected before it is decoded. */
  maxPixels: Count.default(50_000_000),
});

export const Gate = z.strictObject({
  /** A classification below it is `rejected`; a detector's boxes below it are not counted. */
  threshold: Share.default(0.5),
  perClass: z.record(z.string(), Share).default({}),
});

const Hyperparameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({});
const ONLY_TORCH = { params: { fix: 'Set `training.container` to "torch", or remove it.' } };

export const Training = z
  .strictObject({
    container: z.enum(["probe", "torch", "builtin"]).default("probe"),
    instance: z.string().startsWith("ml.").default("ml.m5.xlarge"),
    hyperparameters: Hyperparameters,
    /** More hyperparameters by processor: `gpu` on an instance with a GPU, else `cpu`. */
    profiles: z.strictObject({ cpu: Hyperparameters, gpu: Hyperparameters }).optional(),
    spot: z.boolean().default(true),
    maxRuntime: Duration.default(DAILY),
    earlyStop: z
      .strictObject({ metric: z.string(), patience: Count, minDelta: z.number().min(0) })
      .optional(),
    /** Exports the model as int8 if the metric falls by at most `maxLoss`, and if it is faster. */
    quantize: z
      .strictObject({ format: z.literal("int8"), maxLoss: Share.default(DEFAULT_MAX_LOSS) })
      .optional(),
  })
  .refine(({ container, profiles }) => container === "torch" || profiles === undefined, {
    path: ["profiles"],
    error: "is only for the container `torch`",
    ...ONLY_TORCH,
  })
  .refine(({ container, quantize }) => container === "torch" || quantize === undefined, {
    path: ["quantize"],
    error: "is only for the container `torch`",
    ...ONLY_TORCH,
  });

export const Dataset = z.strictObject({
  split: z
    .strictObject({ train: Share, validation: Share, test: Share })
    .refine(({ train, validation, test }) => Math.abs(train + validation + test - 1) < 1e-9, {
      error: "train, validation and test must add up to 1",
    })
    .default({ train: 0.7, validation: 0.15, test: 0.15 }),
  /** The most examples of a class for training. */
  caps: z.record(z.string(), Count).default({}),
  weights: z.enum(["none", "balanced"]).default("none"),
  augmentation: z
    .strictObject({
      flipHorizontal: z.boolean().default(false),
      flipVertical: z.boolean().default(false),
      /** Fraction of a full turn, in both directions. */
      rotation: Share.default(0),
      zoom: Share.default(0),
    })
    .prefault({}),
});

export const Hosting = z
  .strictObject({
    target: z.enum(["serverless", "realtime", "async", "local"]).default("serverless"),
    /** MB, for serverless. */
    memory: z.literal([1024, 2048, 3072, 4096, 5120, 6144]).default(2048),
    /** Concurrent requests, for serverless. */
    concurrency: Count.max(200).default(5),
    instance: z.string().startsWith("ml.").default("ml.m5.large"),
    /** Instances. 0 for async only: requests then wait some minutes until an instance has started. */
    autoscaling: z
      .strictObject({ min: z.number().int().min(0), max: Count })
      .refine(({ min, max }) => min <= max, "min must not exceed max")
      .default({ min: 1, max: 3 }),
  })
  .refine(({ target, autoscaling }) => target === "async" || autoscaling.min > 0, {
    path: ["autoscaling", "min"],
    error: "must be at least 1: only the target `async` may scale to zero",
  });

/** Shares of the predictions in percent, one after the other, beside the live version. */
export const TrafficShares = z
  .array(z.number().int().min(1).max(100))
  .min(1)
  .max(20)
  .refine((shares) => shares.every((share, at) => at === 0 || share > shares[at - 1]!), "must increase");

/** How traffic moves to a version step by step. */
export const TrafficShift = z.strictObject({
  shares: TrafficShares,
  /** Duration of each share. */
  every: Duration.default("10 minutes"),
  /** Of the candidate's responses; above it the deployment fails. */
  maxErrorRate: Share.default(0.05),
});

export const Policy = z.strictObject({
  /** Deploys a trained version automatically when its evaluation passes. */
  deploy: z
    .strictObject({
      metric: z.string(),
      atLeast: Share,
      noWorseThanCurrent: z.boolean().default(true),
      /** Shifts the traffic in steps where a live version exists. Default: all at once. */
      shift: TrafficShift.optional(),
    })
    .optional(),
});

export const Monitoring = z.strictObject({
  /** Share of the predictions whose input and output are captured, by a hash of the id. */
  capture: Share.default(1),
  /** Captured predictions that form the baseline of a version without an evaluation. */
  baseline: Count.default(500),
  /** The least effect that counts as drift: KS statistic or Cramer's V; for the embedding the AUC. */
  thresholds: z
    .strictObject({
      inputs: Share.default(0.2),
      predictions: Share.default(0.15),
      confidence: Share.default(0.1),
      embedding: Share.default(0.6),
    })
    .prefault({}),
  /** Share of the windows without drift that may alarm. */
  falseAlarms: Share.default(0.01),
  schedule: Duration.default(DAILY),
  engine: z
    .enum(["sluice", "sagemaker"])
    .default("sluice")
    .refine((engine) => engine === "sluice", {
      error: "does not support `sagemaker`: SageMaker Model Monitor is not connected",
      params: { fix: 'Write "sluice", or remove it.' },
    }),
  /** Share of the confident predictions that are reviewed as well, for an unbiased accuracy. */
  review: Share.default(0.01),
  /** Whether ground truth becomes labels for training. */
  groundTruthLabels: z.boolean().default(true),
});

/** EventBridge's syntax, which EventBridge checks in full. */
const Schedule = z.string().regex(/^(rate|cron)\(.+\)$/, "must be `rate(...)` or `cron(...)`");

export const Retrain = z.strictObject({
  cooldown: Duration.default("7 days"),
  /** US dollars a month. */
  budget: z.number().positive().default(50),
  minimumNewLabels: Count.default(100),
  /** Also trains at these times, with or without new labels: `rate(7 days)`, `cron(0 3 ? * SUN *)`. */
  schedule: Schedule.optional(),
  /** Trains when the real accuracy of a week is below it. */
  accuracy: Share.optional(),
  /** Trains after drift that probably costs accuracy. */
  drift: z.boolean().default(true),
  /** Uses only production labels of the last `days`. */
  days: Count.optional(),
  /** How much worse than the current version a new one may be on the held-out items, as a share. */
  margin: Share.default(0.01),
});

export const Declaration = z.strictObject({
  name: z
    .string()
    .max(40)
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "must be lower-case letters and digits in words joined by `-`"),
  task: Task,
  classes: z
    .array(z.string().trim().min(1).max(100))
    .min(2)
    .max(1_000)
    .refine((classes) => new Set(classes).size === classes.length, "must not repeat a class"),
  accepts: Accepts.prefault({}),
  gate: Gate.prefault({}),
  flow: z
    .enum(["queue", "workflow"])
    .default("queue")
    .refine((flow) => flow === "queue", {
      error: "does not support `workflow` yet: uploads are processed by the queue only",
      params: { fix: 'Write "queue", or remove it.' },
    }),
  training: Training.prefault({}),
  dataset: Dataset.prefault({}),
  hosting: Hosting.prefault({}),
  policy: Policy.default({}),
  monitoring: Monitoring.optional(),
  retrain: Retrain.optional(),
});
