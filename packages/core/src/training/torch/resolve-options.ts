// The options of a job of the container `torch`.
import { models, type Model } from "@sluice/models/index.ts";
import { DEFAULT_MAX_LOSS } from "@sluice/models/schema.ts";
import { hasGpu } from "@sluice/models/instance.ts";
import { needsCuda } from "@sluice/models/torch-image.ts";
import { runsLocally } from "../../aws/runs-locally.ts";
import { invalidInput, SluiceError } from "../../error/error.ts";
import { Options } from "../options.ts";
import type { TrainingRequest } from "../request.ts";
import type { Profile } from "../training.ts";
import { resolveNames } from "./detector-name.ts";
import { isInstalled } from "./environment.ts";
import { chooseProfile } from "./profile.ts";

export function resolveTorch(model: Model, request: TrainingRequest, requested: Options) {
  const { training } = model;
  const instance = request.instance ?? training.instance;
  checkInstance(instance, needsCuda(models));
  if (runsLocally() && !isInstalled()) throw notInstalled();
  const { profile, reason } = chooseProfile(request, instance);
  const declared = training.container === "torch" ? parseDeclared(model, profile) : {};
  const [own, asked] = [resolveNames(declared), resolveNames(requested)];
  const { quantize } = training;
  return {
    profile,
    declared: { ...(quantize && { quantize: quantize.format }), ...own.options },
    requested: asked.options,
    settings: { profile, quantizeMaxLoss: toPoints(quantize?.maxLoss ?? DEFAULT_MAX_LOSS) },
    notes: [`Profile ${profile}: ${reason}.`, ...own.notes, ...asked.notes],
  };
}

/** The trainer's unit is points of a hundred. Rounded, because 0.07 * 100 is 7.000000000000001. */
const toPoints = (share: number) => Number((share * 100).toFixed(6));

/** `cuda`: whether the image of the container is built with it. */
export function checkInstance(instance: string, cuda: boolean): void {
  if (!hasGpu(instance) || cuda) return;
  throw new SluiceError(
    "INPUT_INVALID",
    `instance: ${instance} has a GPU, but the image of the container torch is built for CPUs only.`,
    {
      hint:
        "Use an instance without a GPU, such as ml.m5.xlarge. For GPUs, declare one (`training.instance`) for a model " +
        "with the container torch and deploy again: the image is then built with CUDA.",
    },
  );
}

const notInstalled = () =>
  new SluiceError("TRAINER_UNAVAILABLE", "container: PyTorch is not installed on this machine.", {
    hint: "Run `npx sluice setup torch`, then train again.",
  });

/** An unknown name would silently train with a default. */
function parseDeclared({ name, training }: Model, profile: Profile): Options {
  const parsed = Options.safeParse({ ...training.hyperparameters, ...training.profiles?.[profile] });
  if (parsed.success) return parsed.data;
  const { message } = invalidInput(parsed.error);
  throw new SluiceError("INPUT_INVALID", `The declaration of ${name}, training.hyperparameters: ${message}`, {
    hint: "Correct it in packages/models/src, run `npm run synth`, and start or deploy again.",
  });
}
