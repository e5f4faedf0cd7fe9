// The data that the head and its references train on and are scored on: the probe's own features of generated samples.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readChannel } from "@sluice/probe/data/channel.ts";
import type { Task as Kind } from "@sluice/probe/export.ts";
import { featuresOf } from "@sluice/probe/features.ts";
import { type Matrix, measureScale, standardiseInPlace } from "@sluice/probe/head/head.ts";
import { type Settings, readSettings, resolveSettings } from "@sluice/probe/settings.ts";
import { generatorOf } from "@sluice/samples/generate.ts";
import { writeSamples } from "@sluice/samples/write.ts";

export const MODELS = ["vehicles", "cats", "compliance"] as const;
export type Model = (typeof MODELS)[number];
const FRACTIONS = { train: 490 / 1_715, validation: 175 / 1_715 };
/** Texts are cheap: with ten times as many unseen items, one point of accuracy is a hundred items at full size. */
const UNSEEN_FACTOR: Record<Model, number> = { vehicles: 1, cats: 1, compliance: 10 };

export interface Task {
  classes: string[];
  settings: Settings;
  /** Standardised by the training rows. Augmented copies of the training pictures are rows too. */
  train: Matrix;
  validation: Matrix;
  test: Matrix;
}

/** Of `samples` pictures or texts: 490 in 1,715 to train on, 175 to validate, the rest unseen. */
export async function taskOf(model: Model, seed: number, samples: number): Promise<Task> {
  const train = Math.max(1, Math.round(samples * FRACTIONS.train));
  const validation = Math.max(1, Math.round(samples * FRACTIONS.validation));
  const test = Math.max(1, samples - train - validation) * UNSEEN_FACTOR[model];
  const dir = await mkdtemp(path.join(tmpdir(), "sluice-bench-probe-"));
  try {
    let from = 0;
    for (const [part, count] of Object.entries({ train, validation, test })) {
      await writeSamples(model, path.join(dir, part), { seed, from, count });
      from += count;
    }
    const { task: declaredTask, classes: declared } = generatorOf(model);
    const task = declaredTask as Kind;
    const classes = [...declared];
    const settings = resolveSettings(readSettings({ model }).settings, task);
    const options = { settings, log: () => {}, stopping: () => false };
    const items = (part: string) => readChannel(path.join(dir, part));
    const held = [...(await items("validation")), ...(await items("test"))];
    const parts = { train: await items("train"), held };
    const features = await featuresOf(task, parts, classes, options);
    const scale = measureScale(features.train);
    standardiseInPlace(features.train, scale);
    standardiseInPlace(features.held, scale);
    const { columns, labels, values } = features.held;
    const rows = (start: number, end?: number): Matrix => ({
      columns,
      labels: labels.slice(start, end),
      values: values.subarray(start * columns, end === undefined ? undefined : end * columns),
    });
    return {
      classes,
      settings,
      train: features.train,
      validation: rows(0, validation),
      test: rows(validation),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
