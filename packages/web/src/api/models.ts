// The declared models: every view needs them, so they are asked for together and kept.
import { api, body } from "./client.ts";
import { type Remote, useRemote } from "./remote.ts";

const REFRESH_MS = 30_000;

const listModels = async () => (await body(api().models.$get())).items;
export type Model = Awaited<ReturnType<typeof listModels>>[number];

let known: Model[] | undefined;

export function useModels(): Remote<Model[]> {
  const remote = useRemote("models", listModels, { everyMs: REFRESH_MS, on: "endpoint." });
  if (remote.data) known = remote.data;
  return { ...remote, data: remote.data ?? known };
}

/** The share a class has to reach. */
export const thresholdOf = ({ gate }: Pick<Model, "gate">, name: string | undefined): number =>
  (name === undefined ? undefined : gate.perClass[name]) ?? gate.threshold;
