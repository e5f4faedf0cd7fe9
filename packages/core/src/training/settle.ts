// From the declaration and the request to what a job will be told: every option settled before anything is written.
import { byName } from "@sluice/models/index.ts";
import { seconds } from "@sluice/models/duration.ts";
import { SluiceError } from "../error/error.ts";
import { settleBuiltIn, usesBuiltIn } from "./builtin/settle.ts";
import { namedImage, Options, type TrainingRequest } from "./request.ts";
import type { platforms } from "./training.ts";

export interface Settled {
  platform: (typeof platforms)[number];
  /** Which of our containers, or `builtin`; nothing for an image of one's own. */
  container?: string;
  image?: string;
  instance: string;
  spot: boolean;
  maxRuntimeSeconds: number;
  hyperparameters: Record<string, string>;
}

type Model = NonNullable<ReturnType<typeof byName>>;

/** What SageMaker takes for one hyperparameter; classes that need more are read from the dataset's own description. */
const VALUE_CHARACTERS = 2_500;
const DEFAULT_SEED = 1;
const LONGEST_SECONDS = 28 * 86_400;

/** The embedded AWS tells its functions where it is; AWS itself does not. */
const onThisMachine = () => Boolean(process.env["AWS_ENDPOINT_URL"]);

export function settle(name: string, request: TrainingRequest): Settled {
  const model = byName(name)!;
  const { training } = model;
  const image = namedImage(request);
  const local = request.platform === "local";
  const common = {
    platform: image !== undefined ? ("image" as const) : local ? ("local" as const) : ("sagemaker" as const),
    spot: request.spot ?? training.spot,
    maxRuntimeSeconds: runtime(seconds(request.maxRuntime ?? training.maxRuntime)),
  };
  if (usesBuiltIn(model, request)) return { ...common, ...settleBuiltIn(model, request) };
  const container = image === undefined ? containerOf(model, request) : undefined;
  if (local && !onThisMachine()) {
    throw new SluiceError(
      "TRAINER_UNAVAILABLE",
      "platform: this Sluice runs on AWS and has no local machine.",
      {
        hint: "Train there without --platform, or here: `npm start`, then the same command.",
      },
    );
  }
  if (image !== undefined) checkImage(image, model);
  if (request.hyperparameters && image === undefined) {
    throw new SluiceError(
      "INPUT_INVALID",
      "hyperparameters: free ones are for an image of one's own; our containers have named options.",
      { hint: `Use one of: ${Object.keys(Options.shape).join(", ")}.` },
    );
  }
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
  const learns = "the probe learns classes of pictures and texts";
  if (container === "probe") {
    throw new SluiceError("TRAINER_UNAVAILABLE", `container: ${learns}; ${name} is declared ${task}.`, {
      hint: `Bring a trained detector: sluice provision ${name} --model FILE`,
    });
  }
  throw new SluiceError(
    "TRAINER_UNAVAILABLE",
    `container: ${name} is declared to be trained by "${container}", which this app does not build.`,
    {
      hint:
        task === "object-detection"
          ? `Bring a trained detector (sluice provision ${name} --model FILE), or name an image with --platform.`
          : `Add --container probe (${learns}), or name an image with --platform.`,
    },
  );
}

function runtime(wanted: number): number {
  if (wanted <= LONGEST_SECONDS) return wanted;
  throw new SluiceError("INPUT_INVALID", "maxRuntime: SageMaker runs a job for 28 days at most.", {
    hint: "Five days are what an account gets that has not asked for more.",
  });
}

/** What SageMaker's other algorithms leave is no package of ours, and nothing here can read what they answer. */
function checkImage(image: string, { task }: Model) {
  const builtIn = /\/(object-detection|blazingtext|semantic-segmentation)([:@]|$)/.exec(image);
  if (!builtIn) return;
  throw new SluiceError(
    "TRAINER_UNAVAILABLE",
    `platform: the built-in ${builtIn[1]} algorithm ends in an MXNet model, which cannot be served as ${task} here.`,
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
    // A declaration that says nothing of augmentation leaves it to the trainer.
    ...(Object.values(dataset.augmentation).some(Boolean) && dataset.augmentation),
    ...dropped(named),
    ...request.hyperparameters,
    model: name,
    task,
    seed: request.seed ?? DEFAULT_SEED,
  };
  const list = JSON.stringify(classes);
  if (list.length <= VALUE_CHARACTERS) all["classes"] = list;
  return Object.fromEntries(Object.entries(dropped(all)).map(([key, value]) => [key, String(value)]));
}

const dropped = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
