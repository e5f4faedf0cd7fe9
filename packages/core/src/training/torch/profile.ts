// The profile of a job of `torch`: which declared hyperparameters apply on its processor.
import { hasGpu } from "@sluice/models/instance.ts";
import type { Model } from "@sluice/models/index.ts";
import { runsLocally } from "../../aws/runs-locally.ts";
import type { TrainingRequest } from "../request.ts";
import type { Profile } from "../training.ts";

interface Chosen {
  profile: Profile;
  reason: string;
}

export function chooseProfile({ profile }: Pick<TrainingRequest, "profile">, instance: string): Chosen {
  if (profile) return { profile, reason: "it was requested" };
  if (runsLocally()) return { profile: "cpu", reason: "the job runs on this machine" };
  return hasGpu(instance)
    ? { profile: "gpu", reason: `${instance} has a GPU` }
    : { profile: "cpu", reason: `${instance} has no GPU` };
}

/** The declared hyperparameters of a job without options. */
export function declaredHyperparameters({
  container,
  hyperparameters,
  profiles,
  instance,
}: Model["training"]) {
  if (container !== "torch") return hyperparameters;
  return { ...hyperparameters, ...profiles?.[chooseProfile({}, instance).profile] };
}
