// Parses hyperparameters: they arrive as strings, some of them JSON-encoded.
import { z } from "zod";
import type { Task } from "./export.ts";
import { TrainingError } from "./data/error.ts";

const flag = z.enum(["true", "false"]).transform((value) => value === "true");
/** `Number` converts an empty string to 0. */
const numeric = z.string().trim().min(1, "is empty").transform(Number);
const number = (low: number, high: number) => numeric.pipe(z.number().min(low).max(high));
const whole = (low: number, high: number) => numeric.pipe(z.int().min(low).max(high));

const HyperparameterSchema = z.object({
  model: z.string().default("probe"),
  task: z
    .enum(["image-classification", "text-classification"], {
      error: "the probe trains classifiers of images and texts; train detectors with another container",
    })
    .optional(),
  /** In the model's order; the folders' names by default. */
  classes: z
    .string()
    .transform((value, context) => {
      if (!value.startsWith("[")) return value.split(",").map((name) => name.trim());
      try {
        return JSON.parse(value) as string[];
      } catch {
        context.addIssue({ code: "custom", message: "is not a JSON array" });
        return z.NEVER;
      }
    })
    .pipe(z.array(z.string().min(1)).min(2))
    .optional(),
  epochs: whole(1, 10_000).optional(),
  learningRate: number(1e-7, 10).default(0.0005),
  batchSize: whole(1, 4096).default(16),
  dropoutRate: number(0, 0.95).default(0.3),
  weightDecay: number(0, 10).default(0.01),
  /** The backbone is frozen: false only logs a warning. */
  trainOnlyTopLayer: flag.default(true),
  patience: whole(1, 10_000).optional(),
  minDelta: number(0, 1).default(0.001),
  /** By default the weights of a prepared dataset; "balanced" without one. */
  weights: z.enum(["balanced", "none"]).optional(),
  flipHorizontal: flag.default(true),
  flipVertical: flag.default(false),
  /** A share of a full turn, to either side. */
  rotation: number(0, 1).default(0.03),
  zoom: number(0, 0.9).default(0.15),
  /** Augmented copies of each training image. */
  copies: whole(0, 50).default(2),
  validationShare: number(0.05, 0.5).default(0.2),
  seed: whole(0, 2 ** 31).default(1),
});

/** Before the task is known. */
export type Hyperparameters = z.output<typeof HyperparameterSchema>;
export type Settings = Hyperparameters & Duration;

interface Duration {
  epochs: number;
  patience: number;
}

/**
 * On texts the validation accuracy is flat from epoch 10, but the loss falls until epoch 60: stopping earlier costs up to half
 * a point. On images, with two copies each, training converges by epoch 30.
 */
const DURATIONS: Record<Task, Duration> = {
  "image-classification": { epochs: 50, patience: 20 },
  "text-classification": { epochs: 80, patience: 60 },
};

export const resolveSettings = (hyperparameters: Hyperparameters, task: Task): Settings => ({
  ...hyperparameters,
  epochs: hyperparameters.epochs ?? DURATIONS[task].epochs,
  patience: hyperparameters.patience ?? DURATIONS[task].patience,
});

export function readSettings(raw: Record<string, string>): { settings: Hyperparameters; ignored: string[] } {
  const plain = Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [name, unquote(String(value))]),
  );
  const parsed = HyperparameterSchema.safeParse(plain);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const name = issue.path.join(".");
    throw new TrainingError(`The hyperparameter '${name}' is '${plain[name] ?? ""}': ${issue.message}.`);
  }
  const known = new Set(Object.keys(HyperparameterSchema.shape));
  return { settings: parsed.data, ignored: Object.keys(raw).filter((name) => !known.has(name)) };
}

/** SDKs send "adam" as "\"adam\"". */
function unquote(value: string): string {
  return /^".*"$/s.test(value) ? value.slice(1, -1) : value;
}
