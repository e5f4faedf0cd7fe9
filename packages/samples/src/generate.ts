// Sample data for the example models: real tasks, true labels, as many as wanted.
import { blueprints } from "./blueprints/blueprints.ts";
import { cats } from "./cats/cats.ts";
import { compliance } from "./compliance/compliance.ts";
import { drones } from "./drones/drones.ts";
import type { Generator, Sample } from "./sample.ts";
import { vehicles } from "./vehicles/vehicles.ts";

export const GENERATORS: Record<string, Generator> = { blueprints, cats, vehicles, drones, compliance };

export interface Range {
  seed: number;
  /** The first index. */
  from: number;
  count: number;
}

export class UnknownModel extends Error {
  constructor(model: string) {
    super(
      `There are no sample data for '${model}'; there are for ${Object.keys(GENERATORS).join(", ")}. Label files of your own for another model.`,
    );
    this.name = "UnknownModel";
  }
}

export function generatorOf(model: string): Generator {
  const found = Object.hasOwn(GENERATORS, model) ? GENERATORS[model] : undefined;
  if (found) return found;
  throw new UnknownModel(model);
}

/** Drawing runs on other threads, so a few at once keep every core at work. */
const TOGETHER = 4;

/** In the order of their indices. */
export async function* generate(model: string, { seed, from, count }: Range): AsyncGenerator<Sample> {
  const generator = generatorOf(model);
  const drawing: Promise<Sample>[] = [];
  for (let index = from; index < from + count; index++) {
    drawing.push(generator.generate(seed, index));
    if (drawing.length >= TOGETHER) yield await drawing.shift()!;
  }
  while (drawing.length > 0) yield await drawing.shift()!;
}
