// Predictions of the shipped packages for generated samples, as monitoring sees them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { unpack } from "@sluice/inference/archive.ts";
import { type Engine, loadEngine } from "@sluice/inference/engine/engine.ts";
import { generate } from "@sluice/samples/generate.ts";
import type { Sample } from "@sluice/samples/toolkit/sample.ts";
import { trainedArchive } from "@sluice/samples/trained.ts";
import type { MonitoredItem } from "@sluice/statistics/window/item.ts";
import { toMonitoredItem } from "@sluice/statistics/window/response.ts";

export interface PoolItem extends MonitoredItem {
  /** The true class. */
  truth: string;
}

export type Change = (bytes: Buffer, at: number) => Promise<Buffer>;

export interface PoolSource {
  /** `change` is applied to the bytes of each sample. */
  predict(samples: readonly Sample[], change?: Change): Promise<PoolItem[]>;
  close(): Promise<void>;
}

const SEED = 1;
/** Beyond the samples of trainings and evaluations. Thresholds and descriptors were chosen on samples from 500,000 to 799,999. */
const FROM = 800_000;
const PART = 100_000;

/** Parts have no sample in common. */
export async function generatePart(model: string, part: 0 | 1, count: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const sample of generate(model, { seed: SEED, from: FROM + part * PART, count }))
    samples.push(sample);
  return samples;
}

export async function openPool(model: string): Promise<PoolSource> {
  const dir = await mkdtemp(path.join(tmpdir(), "sluice-bench-drift-"));
  await unpack(trainedArchive(model), dir);
  const engine: Engine = await loadEngine(dir, { threads: 1 });
  return {
    async predict(samples, change = (bytes) => Promise.resolve(bytes)) {
      const items: PoolItem[] = [];
      for (const [at, { name, bytes, label }] of samples.entries()) {
        const response = await engine.predict(await change(bytes, at));
        const item = toMonitoredItem(response, { id: name, at, reachesGate: () => true });
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
