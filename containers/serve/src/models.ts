// The models in memory. A plain endpoint has one under the empty name; a multi-model endpoint has what SageMaker asks for.
import { stat } from "node:fs/promises";
import path from "node:path";
import { type Engine, load } from "@sluice/inference/engine/engine.ts";
import { InferenceError } from "@sluice/inference/error.ts";
import { MODEL_FILE } from "@sluice/inference/package.ts";
import type { Settings } from "./settings.ts";

export interface Loaded {
  name: string;
  url: string;
  engine: Engine;
}

export function modelStore(settings: Settings) {
  const loaded = new Map<string, Loaded>();
  const loading = new Set<string>();

  return {
    async load(name: string, dir: string): Promise<void> {
      if (loaded.has(name) || loading.has(name))
        throw new InferenceError(
          "MODEL_ALREADY_LOADED",
          409,
          `The model '${name}' is loaded already.`,
          "Unload it first to load another under its name.",
        );
      if (loaded.size + loading.size >= settings.maxLoadedModels)
        throw noRoom(
          `${settings.maxLoadedModels} models are loaded, which is the limit.`,
          "Unload one, or raise SLUICE_MAX_LOADED_MODELS.",
        );
      loading.add(name);
      try {
        // SageMaker unloads another model when it hears 507; a process out of memory loses all of them.
        const weights = await stat(path.join(dir, MODEL_FILE)).then(
          ({ size }) => size,
          () => 0,
        );
        if (weights * settings.workers > process.availableMemory())
          throw noRoom(
            `The model's ${Math.round(weights / 1024 / 1024)} MB do not fit into the memory that is left.`,
            "Unload a model, or give the endpoint more memory.",
          );
        const engine = await load(dir, {
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
    get(name: string): Loaded {
      const model = loaded.get(name);
      if (model) return model;
      throw new InferenceError(
        "MODEL_NOT_LOADED",
        name === "" ? 503 : 404,
        name === "" ? "The model is still being loaded." : `The model '${name}' is not loaded.`,
        name === "" ? "Ask again when GET /ping answers 200." : "Load it with POST /models.",
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

function noRoom(message: string, hint: string) {
  return new InferenceError("MODEL_NO_ROOM", 507, message, hint);
}

export type ModelStore = ReturnType<typeof modelStore>;
