// Resolves the declaration and the request to the options of a job, before anything is written.
import { byName, type Model } from "@sluice/models/index.ts";
import { seconds } from "@sluice/models/duration.ts";
import { runsLocally } from "../aws/runs-locally.ts";
import { SluiceError } from "../error/error.ts";
import { resolveBuiltIn, usesBuiltIn } from "./builtin/resolve-options.ts";
import { checkReaders, type ReadingContainer } from "./option-readers.ts";
import { optionNames, pickOptions } from "./options.ts";
import { imageOf, type TrainingRequest } from "./request.ts";
import { takeStart } from "./torch/start-point.ts";
import { resolveTorch } from "./torch/resolve-options.ts";
import { MAX_RUNTIME_SECONDS, type platforms, type Profile } from "./training.ts";

export interface ResolvedOptions {
  platform: (typeof platforms)[number];
  /** One of our containers, or `builtin`; undefined for a custom image. */
  container?: string;
  image?: string;
  instance: string;
  profile?: Profile;
  spot: boolean;
  maxRuntimeSeconds: number;
  hyperparameters: Record<string, string>;
  /** The version or S3 URI whose files become the channel `weights`. */
  startPoint?: string;
  /** What was decided for the request, in sentences. */
  notes?: string[];
}

/** SageMaker's limit for one hyperparameter. A longer class list is read from the dataset's description. */
const MAX_VALUE_CHARACTERS = 2_500;
const DEFAULT_SEED = 1;

export function resolveOptions(name: string, request: TrainingRequest): ResolvedOptions {
  const model = byName(name)!;
  const { training } = model;
  const image = imageOf(request);
  const local = request.platform === "local";
  const common = {
    platform: image !== undefined ? ("image" as const) : local ? ("local" as const) : ("sagemaker" as const),
    spot: request.spot ?? training.spot,
    maxRuntimeSeconds: checkRuntime(seconds(request.maxRuntime ?? training.maxRuntime)),
  };
  if (usesBuiltIn(model, request)) return { ...common, ...resolveBuiltIn(model, request) };
  const container = image === undefined ? containerOf(model, request) : undefined;
  if (local && !runsLocally())
    throw new SluiceError(
      "TRAINER_UNAVAILABLE",
      'platform: "local" works only with the local cloud. This Sluice runs on AWS.',
      {
        hint: "Train on AWS without --platform, or locally: `npm start`, then the same command.",
      },
    );
  if (image !== undefined) checkImage(image, model);
  if (request.hyperparameters && image === undefined)
    throw new SluiceError(
      "INPUT_INVALID",
      "hyperparameters: only your own image and the container builtin accept them.",
      { hint: `Use one of: ${optionNames.join(", ")}.` },
    );
  const requested = pickOptions(request);
  if (container !== undefined) checkReaders(container, model, requested);
  const torch = container === "torch" ? resolveTorch(model, request, requested) : undefined;
  const declared = container === training.container ? training.hyperparameters : {};
  const { startPoint, ...hyperparameters } = takeStart({
    ...(torch?.declared ?? declared),
    ...inherited(model),
    ...(torch?.requested ?? requested),
  });
  return {
    ...common,
    container,
    image,
    instance: request.instance ?? training.instance,
    profile: torch?.profile,
    notes: torch?.notes,
    startPoint,
    hyperparameters: asStrings({
      ...hyperparameters,
      ...torch?.settings,
      ...request.hyperparameters,
      ...identity(model, request),
    }),
  };
}

function containerOf({ name, task, training }: Model, request: TrainingRequest): ReadingContainer {
  const container = request.container ?? training.container;
  if (container === "torch") return container;
  if (container === "probe" && task !== "object-detection") return container;
  throw new SluiceError(
    "TRAINER_UNAVAILABLE",
    `container: the probe trains classifiers of images and texts; ${name} is declared ${task}.`,
    { hint: `Use --container torch, or upload a trained detector: sluice provision ${name} --package FILE.` },
  );
}

function checkRuntime(requested: number): number {
  if (requested <= MAX_RUNTIME_SECONDS) return requested;
  throw new SluiceError("INPUT_INVALID", "maxRuntime: SageMaker runs a job for at most 28 days.", {
    hint: "An account's default limit is 5 days; ask AWS to raise it.",
  });
}

/** Other built-in algorithms produce MXNet models, which neither the serving image nor the app can read. */
function checkImage(image: string, { task }: Model) {
  const builtIn = /\/(object-detection|blazingtext|semantic-segmentation)([:@]|$)/.exec(image);
  if (!builtIn) return;
  throw new SluiceError(
    "TRAINER_UNAVAILABLE",
    `platform: the built-in ${builtIn[1]} algorithm produces an MXNet model, which cannot be served as ${task} here.`,
    { hint: "Use --container torch, or an image that writes model.onnx and sluice.json to /opt/ml/model." },
  );
}

/** From other parts of the declaration. Without a declared augmentation the trainer uses its own. */
function inherited({ training, dataset }: Model): Record<string, unknown> {
  return definedOnly({
    patience: training.earlyStop?.patience,
    minDelta: training.earlyStop?.minDelta,
    ...(Object.values(dataset.augmentation).some(Boolean) && dataset.augmentation),
  });
}

/** These a request cannot replace. */
function identity({ name, task, classes }: Model, { seed = DEFAULT_SEED }: TrainingRequest) {
  const list = JSON.stringify(classes);
  return { model: name, task, seed, ...(list.length <= MAX_VALUE_CHARACTERS && { classes: list }) };
}

const definedOnly = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

const asStrings = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(definedOnly(values)).map(([name, value]) => [name, String(value)]));
