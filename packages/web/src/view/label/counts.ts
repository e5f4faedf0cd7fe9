import { api, readBody } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";

const REFRESH_MS = 30_000;

/** The labels of a model per class. */
export const useLabelCounts = (model: string) =>
  useResource(`labels ${model}`, () => readBody(api().labels[":model"].counts.$get({ param: { model } })), {
    everyMs: REFRESH_MS,
    on: "labels.",
  });
