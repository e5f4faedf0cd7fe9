// What a model declaration may say, and what it means when it says nothing.
import * as z from "zod";
import { Duration } from "./duration.ts";

const Share = z.number().min(0).max(1);
const Count = z.number().int().positive();
const DAILY = "1 day";

export const Task = z.enum(["image-classification", "object-detection", "text-classification"]);

/** A key prefix of the uploads bucket. */
const Prefix = z
  .string()
  .regex(/^uploads\/([A-Za-z0-9!_.'()-]+\/)+$/, "must start with `uploads/` and end with `/`")
  .refine((prefix) => !prefix.split("/").includes(".."), "must not contain `..`");

const ContentType = z.string().regex(/^[a-z]+\/[a-z0-9.+-]+$/, "must be a media type such as `image/png`");

export const Accepts = z.strictObject({
  prefixes: z.array(Prefix).min(1).optional(),
  contentTypes: z.array(ContentType).min(1).optional(),
  /** Bytes. SageMaker's serverless endpoints take 4 MB. */
  maxBytes: Count.max(6_291_456).optional(),
  /** Width times height; a bigger image is refused before it is decoded. */
  maxPixels: Count.default(50_000_000),
});

export const Gate = z.strictObject({
  /** A best class below this is `rejected`; for a detector, a box below it is dropped. */
  threshold: Share.default(0.5),
  perClass: z.record(z.string(), Share).default({}),
});

export const Training = z.strictObject({
  container: z.enum(["probe", "torch", "builtin"]).default("probe"),
  instance: z.string().startsWith("ml.").default("ml.m5.xlarge"),
  hyperparameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  spot: z.boolean().default(true),
  maxRuntime: Duration.default(DAILY),
  earlyStop: z.strictObject({ metric: z.string(), patience: Count, minDelta: z.number().min(0) }).optional(),
});

export const Dataset = z.strictObject({
  split: z
    .strictObject({ train: Share, validation: Share, test: Share })
    .refine(({ train, validation, test }) => Math.abs(train + validation + test - 1) < 1e-9, {
      error: "train, validation and test must add up to 1",
    })
    .default({ train: 0.7, validation: 0.15, test: 0.15 }),
  /** The most examples kept of a class. */
  caps: z.record(z.string(), Count).default({}),
  weights: z.enum(["none", "balanced"]).default("none"),
  augmentation: z
    .strictObject({
      flipHorizontal: z.boolean().default(false),
      flipVertical: z.boolean().default(false),
      /** Share of a full turn, both ways. */
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
    /** Requests at once, for serverless. */
    concurrency: Count.max(200).default(5),
    instance: z.string().startsWith("ml.").default("ml.m5.large"),
    /** Instances. 0 for async only: there requests wait until one is up again, which takes some minutes. */
    autoscaling: z
      .strictObject({ min: z.number().int().min(0), max: Count })
      .refine(({ min, max }) => min <= max, "min must not exceed max")
      .default({ min: 1, max: 3 }),
  })
  .refine(({ target, autoscaling }) => target === "async" || autoscaling.min > 0, {
    path: ["autoscaling", "min"],
    error: "must be at least 1: only the target `async` may scale to no instance",
  });

export const Policy = z.strictObject({
  /** Deploy a trained version by itself when its evaluation passes. */
  deploy: z
    .strictObject({ metric: z.string(), atLeast: Share, noWorseThanCurrent: z.boolean().default(true) })
    .optional(),
});

export const Monitoring = z.strictObject({
  /** Captured predictions that make the baseline. */
  baseline: Count.default(500),
  thresholds: z
    .strictObject({
      inputs: Share.default(0.2),
      predictions: Share.default(0.2),
      confidence: Share.default(0.1),
    })
    .prefault({}),
  schedule: Duration.default(DAILY),
});

/** EventBridge's own spelling, checked there in full. */
const Schedule = z.string().regex(/^(rate|cron)\(.+\)$/, "must be `rate(...)` or `cron(...)`");

export const Retrain = z.strictObject({
  cooldown: Duration.default("7 days"),
  /** US dollars a month. */
  budget: z.number().positive().default(50),
  minimumNewLabels: Count.default(100),
  /** Trains at these times too, whatever is new: `rate(7 days)`, `cron(0 3 ? * SUN *)`. */
  schedule: Schedule.optional(),
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
  flow: z.enum(["queue", "workflow"]).default("queue"),
  training: Training.prefault({}),
  dataset: Dataset.prefault({}),
  hosting: Hosting.prefault({}),
  policy: Policy.default({}),
  monitoring: Monitoring.prefault({}),
  retrain: Retrain.optional(),
});
