// A declared model with the names that follow from it.
import { models } from "@sluice/models/index.ts";
import {
  candidateName,
  deadLettersName,
  endpointName,
  queueName,
  targets,
  type Target,
} from "@sluice/models/names.ts";
import { appStage } from "../aws/link.ts";
import { SluiceError } from "../error/error.ts";
import type { Thresholds } from "../inference/gate.ts";
import type { Accepted } from "../object/check.ts";
import type { Task } from "../prediction/prediction.ts";

export interface DeclaredModel {
  name: string;
  task: Task;
  classes: readonly string[];
  accepts: Accepted & { prefixes: readonly string[] };
  gate: Thresholds;
  /** Of its predictions, 0 to 1. */
  captureShare: number;
  target: Target;
  /** The endpoint's name by convention. */
  endpoint: string;
  /** Logical name of its queue. */
  queue: string;
  /** Logical name of its dead-letter queue. */
  deadLetters: string;
}

type Model = (typeof models)[number];

/** A model declared `local` may still be deployed: then to serverless. */
const targetOf = ({ hosting }: Model): Target => (hosting.target === "local" ? "serverless" : hosting.target);

export function listModels(): DeclaredModel[] {
  return models.map(declared);
}

export function getModel(name: string): DeclaredModel {
  const found = models.find((one) => one.name === name);
  if (found) return declared(found);
  throw new SluiceError("MODEL_UNKNOWN", `There is no model "${name}".`, {
    hint: `Use one of: ${models.map((one) => one.name).join(", ")}.`,
    details: { model: name },
  });
}

interface EndpointModel {
  model: DeclaredModel;
  target: Target;
  /** The endpoint of a candidate, not the live one. */
  candidate: boolean;
}

/** The model of an endpoint of this app and stage. */
export function modelOfEndpoint(endpoint: string): EndpointModel | undefined {
  for (const one of models) {
    for (const target of targets) {
      const candidate = candidateName(appStage(), one.name, target) === endpoint;
      if (candidate || endpointName(appStage(), one.name, target) === endpoint)
        return { model: declared(one), target, candidate };
    }
  }
  return undefined;
}

function declared(one: Model): DeclaredModel {
  const target = targetOf(one);
  const { prefixes, contentTypes, maxBytes, maxPixels } = one.accepts;
  return {
    name: one.name,
    task: one.task,
    classes: one.classes,
    accepts: { prefixes, types: contentTypes, maxBytes, maxPixels },
    gate: one.gate,
    captureShare: one.monitoring?.capture ?? 1,
    target,
    endpoint: endpointName(appStage(), one.name, target),
    queue: queueName(one.name),
    deadLetters: deadLettersName(one.name),
  };
}
