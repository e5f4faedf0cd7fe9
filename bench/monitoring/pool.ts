// Predictions of the shipped packages for generated samples, as monitoring sees them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { unpack } from "@sluice/inference/archive.ts";
import { type Engine, loadEngine } from "@sluice/inference/engine/engine.ts";
import { generate } from "@sluice/samples/generate.ts";
import { trainedArchive } from "@sluice/samples/trained.ts";
import type { MonitoredItem } from "@sluice/statistics/window/item.ts";
import { toMonitoredItem } from "@sluice/statistics/window/response.ts";

export interface PoolItem extends MonitoredItem {
  /** The true class. */
  truth: string;
}

/** Beyond the samples of trainings and evaluations. */
const FROM = 500_000;

export type Change = (bytes: Buffer, at: number) => Promise<Buffer>;

export interface PoolSource {
  /** `change` is applied to the bytes of each sample; `samples` names another generator. */
  predict(count: number, options?: { change?: Change; samples?: string; from?: number }): Promise<PoolItem[]>;
  close(): Promise<void>;
}

export async function openPool(model: string, seed: number): Promise<PoolSource> {
  const dir = await mkdtemp(path.join(tmpdir(), "sluice-bench-drift-"));
  await unpack(trainedArchive(model), dir);
  const engine: Engine = await loadEngine(dir, { threads: 1 });
  return {
    async predict(
      count,
      { change = (bytes: Buffer) => Promise.resolve(bytes), samples = model, from = FROM } = {},
    ) {
      const items: PoolItem[] = [];
      for await (const { name, bytes, label } of generate(samples, { seed, from, count })) {
        const response = await engine.predict(await change(bytes, items.length));
        const item = toMonitoredItem(response, {
          id: `${samples} ${name}`,
          at: items.length,
          reachesGate: () => true,
        });
        items.push({ ...item, truth: label! });
      }
      return items;
    },
    async close() {
      await engine.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
