// Hyperparameters arrive as strings, some of them JSON-encoded once more; here they become numbers with bounds.
import { z } from "zod";
import type { Task } from "./export.ts";
import { TrainingError } from "./failure.ts";

const flag = z.enum(["true", "false"]).transform((value) => value === "true");
/** An empty string would be read as 0. */
const written = z.string().trim().min(1, "is empty").transform(Number);
const number = (low: number, high: number) => written.pipe(z.number().min(low).max(high));
const whole = (low: number, high: number) => written.pipe(z.int().min(low).max(high));

const Hyperparameters = z.object({
  model: z.string().default("probe"),
  task: z
    .enum(["image-classification", "text-classification"], {
      error: "the probe learns classes of pictures and texts; train detectors with another container",
    })
    .optional(),
  /** In the model's order; the folders' names when absent. */
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
  /** The backbone is frozen, so false changes nothing and is answered with a warning. */
  trainOnlyTopLayer: flag.default(true),
  patience: whole(1, 10_000).optional(),
  minDelta: number(0, 1).default(0.001),
  /** When absent, a prepared dataset's own weights; "balanced" where there is none. */
  weights: z.enum(["balanced", "none"]).optional(),
  flipHorizontal: flag.default(true),
  flipVertical: flag.default(false),
  /** A share of a full turn, to either side. */
  rotation: number(0, 1).default(0.03),
  zoom: number(0, 0.9).default(0.15),
  /** Changed copies of each training picture beside the picture itself. */
  copies: whole(0, 50).default(2),
  validationShare: number(0.05, 0.5).default(0.2),
  seed: whole(0, 2 ** 31).default(1),
});

/** What was said, before the task is known. */
export type Asked = z.output<typeof Hyperparameters>;
export type Settings = Asked & Length;

interface Length {
  epochs: number;
  patience: number;
}

/**
 * A text head's accuracy on few held-out rows stands still from the tenth epoch on, while its loss falls to the sixtieth: to
 * stop earlier costs up to half a point. With pictures, whose copies make three steps of one, it is done by the thirtieth.
 */
const LENGTHS: Record<Task, Length> = {
  "image-classification": { epochs: 50, patience: 20 },
  "text-classification": { epochs: 80, patience: 60 },
};

export const settled = (asked: Asked, task: Task): Settings => ({
  ...asked,
  epochs: asked.epochs ?? LENGTHS[task].epochs,
  patience: asked.patience ?? LENGTHS[task].patience,
});

export function readSettings(raw: Record<string, string>): { settings: Asked; ignored: string[] } {
  const plain = Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [name, unquoted(String(value))]),
  );
  const parsed = Hyperparameters.safeParse(plain);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const name = issue.path.join(".");
    throw new TrainingError(`The hyperparameter '${name}' is '${plain[name] ?? ""}': ${issue.message}.`);
  }
  const known = new Set(Object.keys(Hyperparameters.shape));
  return { settings: parsed.data, ignored: Object.keys(raw).filter((name) => !known.has(name)) };
}

/** SDKs send "adam" as "\"adam\"". */
function unquoted(value: string): string {
  return /^".*"$/s.test(value) ? value.slice(1, -1) : value;
}
