import { api, readBody } from "./client.ts";
import { type Resource, useResource } from "./resource.ts";

const REFRESH_MS = 30_000;

const listModels = async () => (await readBody(api().models.$get())).items;
export type Model = Awaited<ReturnType<typeof listModels>>[number];

/** Shown by the next view until its request completes. */
let cached: Model[] | undefined;

export function useModels(): Resource<Model[]> {
  const resource = useResource("models", listModels, { everyMs: REFRESH_MS, on: "endpoint." });
  if (resource.data) cached = resource.data;
  return { ...resource, data: resource.data ?? cached };
}

const NO_CLASSES: readonly string[] = [];

/** The classes of a model in the order of its declaration. Empty until the models are loaded. */
export const useClasses = (model: string): readonly string[] =>
  useModels().data?.find(({ name }) => name === model)?.classes ?? NO_CLASSES;

/** The confidence that a class must reach. */
export const thresholdOf = ({ gate }: Pick<Model, "gate">, name: string | undefined): number =>
  (name === undefined ? undefined : gate.perClass[name]) ?? gate.threshold;
