// Generates labeled sample data for the example models, in any number.
import { blueprints } from "./blueprints/blueprints.ts";
import { cats } from "./cats/cats.ts";
import { compliance } from "./compliance/compliance.ts";
import { drones } from "./drones/drones.ts";
import type { Conditions, Sample, Generator } from "./toolkit/sample.ts";
import { vehicles } from "./vehicles/vehicles.ts";

export const GENERATORS: Record<string, Generator> = { blueprints, cats, vehicles, drones, compliance };

export interface Range {
  seed: number;
  /** The first index. */
  from: number;
  count: number;
  /** Default: day. */
  conditions?: Conditions;
}

export class UnknownModel extends Error {
  constructor(model: string) {
    super(
      `There are no sample data for '${model}', only for ${Object.keys(GENERATORS).join(", ")}. Label your own files for another model.`,
    );
    this.name = "UnknownModel";
  }
}

export function generatorOf(model: string): Generator {
  const found = Object.hasOwn(GENERATORS, model) ? GENERATORS[model] : undefined;
  if (found) return found;
  throw new UnknownModel(model);
}

export class UnknownConditions extends Error {
  constructor(model: string, conditions: string) {
    super(`There are no samples of '${model}' with the conditions '${conditions}'.`);
    this.name = "UnknownConditions";
  }
}

/** Rendering runs on other threads: a few at once keep all cores busy. */
const CONCURRENCY = 4;

/** In the order of their indices. */
export async function* generate(
  model: string,
  { seed, from, count, conditions = "day" }: Range,
): AsyncGenerator<Sample> {
  const generator = generatorOf(model);
  if (!(generator.conditions ?? ["day"]).includes(conditions)) throw new UnknownConditions(model, conditions);
  const pending: Promise<Sample>[] = [];
  for (let index = from; index < from + count; index++) {
    pending.push(generator.generate(seed, index, conditions));
    if (pending.length >= CONCURRENCY) yield await pending.shift()!;
  }
  while (pending.length > 0) yield await pending.shift()!;
}
