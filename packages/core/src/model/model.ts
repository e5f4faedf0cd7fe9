// A declared model with what follows from it by name, as the pipeline needs it.
import { models } from "@sluice/models/index.ts";
import {
  candidateName,
  endpointName,
  pascal,
  queueName,
  targets,
  type Target,
} from "@sluice/models/names.ts";
import { app } from "../aws/link.ts";
import { SluiceError } from "../error/error.ts";
import type { Thresholds } from "../inference/gate.ts";
import type { Accepted } from "../object/check.ts";
import type { Task } from "../prediction/prediction.ts";

export interface Declared {
  name: string;
  task: Task;
  classes: readonly string[];
  accepts: Accepted & { prefixes: readonly string[] };
  gate: Thresholds;
  target: Target;
  /** The endpoint's name by convention. */
  endpoint: string;
  /** Logical name of its queue. */
  queue: string;
  /** Logical name of its dead-letter queue. */
  deadLetters: string;
}

type Model = (typeof models)[number];

/** A model's declaration may keep it off SageMaker; if it is deployed all the same, it goes to serverless. */
const targetOf = ({ hosting }: Model): Target => (hosting.target === "local" ? "serverless" : hosting.target);

export function list(): Declared[] {
  return models.map(declared);
}

export function model(name: string): Declared {
  const found = models.find((one) => one.name === name);
  if (found) return declared(found);
  throw new SluiceError("MODEL_UNKNOWN", `No model is named "${name}".`, {
    hint: `Use one of: ${models.map((one) => one.name).join(", ")}.`,
    details: { model: name },
  });
}

interface Behind {
  model: Declared;
  target: Target;
  /** Where a version is tried: nobody waits for it. */
  candidate: boolean;
}

/** The declared model behind an endpoint of this app and stage; none for anyone else's. */
export function behindEndpoint(endpoint: string): Behind | undefined {
  const { name, stage } = app();
  const place = { app: name, stage };
  for (const one of models) {
    for (const target of targets) {
      const candidate = candidateName(place, one.name, target) === endpoint;
      if (candidate || endpointName(place, one.name, target) === endpoint)
        return { model: declared(one), target, candidate };
    }
  }
  return undefined;
}

function declared(one: Model): Declared {
  const { name, stage } = app();
  const target = targetOf(one);
  const { prefixes, contentTypes, maxBytes, maxPixels } = one.accepts;
  return {
    name: one.name,
    task: one.task,
    classes: one.classes,
    accepts: { prefixes, types: contentTypes, maxBytes, maxPixels },
    gate: one.gate,
    target,
    endpoint: endpointName({ app: name, stage }, one.name, target),
    queue: queueName(one.name),
    deadLetters: `${pascal(one.name)}DeadLetters`,
  };
}
