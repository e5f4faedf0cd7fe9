// The loaded models. A single-model endpoint has one with an empty name; SageMaker loads those of a multi-model endpoint.
import { stat } from "node:fs/promises";
import path from "node:path";
import { type Engine, loadEngine } from "@sluice/inference/engine/engine.ts";
import { InferenceError } from "@sluice/inference/error.ts";
import { MODEL_FILE } from "@sluice/inference/package.ts";
import type { Settings } from "./settings.ts";

export interface LoadedModel {
  name: string;
  url: string;
  engine: Engine;
}

export function modelStore(settings: Settings) {
  const loaded = new Map<string, LoadedModel>();
  const loading = new Set<string>();

  return {
    async load(name: string, dir: string): Promise<void> {
      if (loaded.has(name) || loading.has(name))
        throw new InferenceError(
          "MODEL_ALREADY_LOADED",
          409,
          `The model '${name}' is already loaded.`,
          "Unload it first, then load another with this name.",
        );
      if (loaded.size + loading.size >= settings.maxLoadedModels)
        throw tooLittleMemory(
          `${settings.maxLoadedModels} models are loaded, which is the limit.`,
          "Unload one, or raise SLUICE_MAX_LOADED_MODELS.",
        );
      loading.add(name);
      try {
        // SageMaker unloads another model after a 507; a process without memory loses all of them.
        const weights = await stat(path.join(dir, MODEL_FILE)).then(
          ({ size }) => size,
          () => 0,
        );
        if (weights * settings.workers > process.availableMemory())
          throw tooLittleMemory(
            `The model needs ${Math.round(weights / 1024 / 1024)} MB, more than the free memory.`,
            "Unload a model, or give the endpoint more memory.",
          );
        const engine = await loadEngine(dir, {
          threads: settings.threads,
          workers: settings.workers,
          limits: { maxPixels: settings.maxPixels, timeoutSeconds: 20 },
        });
        await engine.warm().catch(async (error: unknown) => {
          await engine.close();
          throw error;
        });
        loaded.set(name, { name, url: dir, engine });
      } finally {
        loading.delete(name);
      }
    },
    get(name: string): LoadedModel {
      const model = loaded.get(name);
      if (model) return model;
      throw new InferenceError(
        "MODEL_NOT_LOADED",
        name === "" ? 503 : 404,
        name === "" ? "The model is still loading." : `The model '${name}' is not loaded.`,
        name === "" ? "Try again when GET /ping returns 200." : "Load it with POST /models.",
      );
    },
    async unload(name: string): Promise<void> {
      const model = this.get(name);
      loaded.delete(name);
      await model.engine.close();
    },
    list: () => [...loaded.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    healthy: (name: string) => loaded.get(name)?.engine.alive() ?? false,
    async close() {
      await Promise.all([...loaded.values()].map(({ engine }) => engine.close()));
    },
  };
}

function tooLittleMemory(message: string, hint: string) {
  return new InferenceError("MODEL_NO_ROOM", 507, message, hint);
}

export type ModelStore = ReturnType<typeof modelStore>;
