// Features of generated samples by the probe's backbone, with the embedding that the review order reads.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { compactVector, encodeEmbedding } from "@sluice/inference/descriptors/embedding.ts";
import { readChannel } from "@sluice/probe/data/channel.ts";
import type { Task } from "@sluice/probe/export.ts";
import { featuresOf } from "@sluice/probe/features.ts";
import type { Matrix } from "@sluice/probe/head/head.ts";
import { type Settings, readSettings, resolveSettings } from "@sluice/probe/settings.ts";
import { generatorOf } from "@sluice/samples/generate.ts";
import { writeSamples } from "@sluice/samples/write.ts";

export interface LabelPool {
  classes: string[];
  settings: Settings;
  /** Raw features: of the uploads, and of the items that measure the accuracy. */
  uploads: Matrix;
  test: Matrix;
  /** Of each upload. */
  embeddings: string[];
}

export async function openLabelPool(
  model: string,
  seed: number,
  { uploads, test }: { uploads: number; test: number },
): Promise<LabelPool> {
  const { task: declaredTask, classes: declared } = generatorOf(model);
  const task = declaredTask as Task;
  const classes = [...declared];
  const settings = resolveSettings(readSettings({ model }).settings, task);
  const dir = await mkdtemp(path.join(tmpdir(), "sluice-bench-labels-"));
  const extract = async (part: string, from: number, count: number): Promise<Matrix> => {
    await writeSamples(model, path.join(dir, part), { seed, from, count });
    const items = await readChannel(path.join(dir, part));
    const parts = { train: [], held: items };
    return (await featuresOf(task, parts, classes, { settings, log: () => {}, stopping: () => false })).held;
  };
  try {
    const pool = await extract("uploads", 0, uploads);
    return {
      classes,
      settings,
      uploads: pool,
      test: await extract("test", uploads, test),
      embeddings: pool.labels.map((_, row) => encodeEmbedding(compactVector(rowOf(pool, row)))),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export const rowOf = ({ values, columns }: Matrix, row: number) =>
  values.subarray(row * columns, (row + 1) * columns);

/** A copy: heads standardize in place. */
export function selectRows(matrix: Matrix, rows: readonly number[]): Matrix {
  const { columns, labels } = matrix;
  const values = new Float32Array(rows.length * columns);
  for (const [at, row] of rows.entries()) values.set(rowOf(matrix, row), at * columns);
  return { columns, values, labels: rows.map((row) => labels[row]!) };
}
