// Every declared model. To add one, write its file and list it here.
import type { Model } from "./define.ts";
import { blueprints } from "./blueprints.ts";
import { cats } from "./cats.ts";
import { compliance } from "./compliance.ts";
import { drones } from "./drones.ts";
import { listModels } from "./list.ts";
import { vehicles } from "./vehicles.ts";

export type { Model, Task } from "./define.ts";
export { defineModel } from "./define.ts";

export const models: readonly Model[] = listModels([blueprints, cats, compliance, drones, vehicles]);

export function byName(name: string): Model | undefined {
  return models.find((model) => model.name === name);
}
