import type { Model } from "./define.ts";
import { hasGpu } from "./instance.ts";

/** Whether the image `torch` is built with CUDA: only if a declared model trains with it on a GPU. */
export const needsCuda = (models: readonly Model[]): boolean =>
  models.some(({ training }) => training.container === "torch" && hasGpu(training.instance));
