// Resolves the declaration and the request to the options of a job, before anything is written.
import { byName, type Model } from "@sluice/models/index.ts";
import { seconds } from "@sluice/models/duration.ts";
import { SluiceError } from "../error/error.ts";
import { resolveBuiltIn, usesBuiltIn } from "./builtin/resolve-options.ts";
import { imageOf, Options, type TrainingRequest } from "./request.ts";
import { MAX_RUNTIME_SECONDS, type platforms } from "./training.ts";

export interface ResolvedOptions {
  platform: (typeof platforms)[number];
  /** One of our containers, or `builtin`; undefined for a custom image. */
  container?: string;
  image?: string;
  instance: string;
  spot: boolean;
  maxRuntimeSeconds: number;
  hyperparameters: Record<string, string>;
}

/** SageMaker's limit for one hyperparameter. A longer class list is read from the dataset's description. */
const MAX_VALUE_CHARACTERS = 2_500;
const DEFAULT_SEED = 1;

/** The embedded AWS sets its endpoint for functions; AWS does not. */
const runsLocally = () => Boolean(process.env["AWS_ENDPOINT_URL"]);

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
      "platform: Sluice runs on AWS here, without a local machine.",
      {
        hint: "Train on AWS without --platform, or locally: `npm start`, then the same command.",
      },
    );
  if (image !== undefined) checkImage(image, model);
  if (request.hyperparameters && image === undefined)
    throw new SluiceError(
      "INPUT_INVALID",
      "hyperparameters: only a custom image accepts other names; our containers have named options.",
      { hint: `Use one of: ${Object.keys(Options.shape).join(", ")}.` },
    );
  return {
    ...common,
    container,
    image,
    instance: request.instance ?? training.instance,
    hyperparameters: hyperparametersOf(model, request, container),
  };
}

function containerOf({ name, task, training }: Model, request: TrainingRequest): string {
  const container = request.container ?? training.container;
  if (container === "probe" && task !== "object-detection") return container;
  const uploadHint = `Upload a trained detector (npx sluice provision ${name} --model FILE)`;
  const probe = "the probe trains classifiers of images and texts";
  if (container === "probe")
    throw new SluiceError("TRAINER_UNAVAILABLE", `container: ${probe}; ${name} is declared ${task}.`, {
      hint: `${uploadHint}.`,
    });
  throw new SluiceError(
    "TRAINER_UNAVAILABLE",
    `container: ${name} declares the container "${container}", which this app does not include.`,
    {
      hint:
        task === "object-detection"
          ? `${uploadHint}, or name an image with --platform.`
          : `Add --container probe (${probe}), or name an image with --platform.`,
    },
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
    { hint: "Use --container probe, or an image that writes model.onnx and sluice.json to /opt/ml/model." },
  );
}

function hyperparametersOf(model: Model, request: TrainingRequest, container: string | undefined) {
  const { training, dataset, name, task, classes } = model;
  const named = Object.fromEntries(
    Object.keys(Options.shape).map((option) => [option, request[option as keyof typeof Options.shape]]),
  );
  const all: Record<string, unknown> = {
    ...(container === training.container && training.hyperparameters),
    patience: training.earlyStop?.patience,
    minDelta: training.earlyStop?.minDelta,
    // Without a declared augmentation the trainer uses its own.
    ...(Object.values(dataset.augmentation).some(Boolean) && dataset.augmentation),
    ...definedOnly(named),
    ...request.hyperparameters,
    model: name,
    task,
    seed: request.seed ?? DEFAULT_SEED,
  };
  const list = JSON.stringify(classes);
  if (list.length <= MAX_VALUE_CHARACTERS) all["classes"] = list;
  return Object.fromEntries(Object.entries(definedOnly(all)).map(([key, value]) => [key, String(value)]));
}

const definedOnly = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
