// What head and reference learn from, and are judged on: the probe's own features of generated samples.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readChannel } from "@sluice/probe/data/channel.ts";
import type { Task as Kind } from "@sluice/probe/export.ts";
import { featuresOf } from "@sluice/probe/features.ts";
import { type Matrix, measure, standardise } from "@sluice/probe/head/head.ts";
import { type Settings, readSettings, settled } from "@sluice/probe/settings.ts";
import { generatorOf } from "@sluice/samples/generate.ts";
import { writeSamples } from "@sluice/samples/write.ts";

export const MODELS = ["vehicles", "cats", "compliance"] as const;
export type Model = (typeof MODELS)[number];
/** Of the pictures; the one that the trainer's settings were chosen on, and reference.json was made of. */
export const CHOSEN_ON = 1;
const COUNTS = { train: 490, validation: 175 };
/** Texts cost next to nothing: so many that one point is a hundred of them. Pictures take a minute a thousand. */
const TEST: Record<Model, number> = { vehicles: 1050, cats: 1050, compliance: 10_500 };

export interface Task {
  classes: string[];
  settings: Settings;
  /** Standardised by the training rows; copies of the training pictures are rows too. */
  train: Matrix;
  validation: Matrix;
  test: Matrix;
}

export async function taskOf(model: Model, seed = CHOSEN_ON): Promise<Task> {
  const dir = await mkdtemp(path.join(tmpdir(), "sluice-bench-probe-"));
  try {
    let from = 0;
    for (const [part, count] of Object.entries({ ...COUNTS, test: TEST[model] })) {
      await writeSamples(model, path.join(dir, part), { seed, from, count });
      from += count;
    }
    const { task: declaredTask, classes: declared } = generatorOf(model);
    const task = declaredTask as Kind;
    const classes = [...declared];
    const settings = settled(readSettings({ model }).settings, task);
    const options = { settings, log: () => {}, stopping: () => false };
    const items = (part: string) => readChannel(path.join(dir, part));
    const held = [...(await items("validation")), ...(await items("test"))];
    const parts = { train: await items("train"), held };
    const features = await featuresOf(task, parts, classes, options);
    const scale = measure(features.train);
    standardise(features.train, scale);
    standardise(features.held, scale);
    const { columns, labels, values } = features.held;
    const rows = (start: number, end?: number): Matrix => ({
      columns,
      labels: labels.slice(start, end),
      values: values.subarray(start * columns, end === undefined ? undefined : end * columns),
    });
    const { validation } = COUNTS;
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
