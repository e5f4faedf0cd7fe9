// Trains a small package for tests: node test/support/train-package.ts <model> <folder>
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readChannel } from "@sluice/probe/data/channel.ts";
import { readSettings } from "@sluice/probe/settings.ts";
import { train } from "@sluice/probe/train.ts";
import { generatorOf } from "@sluice/samples/generate.ts";
import { writeSamples } from "@sluice/samples/write.ts";
import { FIRST_SAMPLE } from "./sample.ts";

/** The items are the samples that tests predict: a small training suffices for a model that knows its inputs. */
const TRAIN = 60;
const VALIDATION = 20;

const [model, folder] = process.argv.slice(2);
if (!model || !folder) throw new Error("Usage: node test/support/train-package.ts <model> <folder>");
const data = await mkdtemp(path.join(tmpdir(), "sluice-train-"));
try {
  const [training, validation] = [path.join(data, "train"), path.join(data, "validation")];
  await writeSamples(model, training, { seed: 1, from: FIRST_SAMPLE, count: TRAIN });
  await writeSamples(model, validation, { seed: 1, from: FIRST_SAMPLE, count: VALIDATION });
  const classes = JSON.stringify(generatorOf(model).classes);
  const { metrics } = await train({
    train: await readChannel(training),
    validation: await readChannel(validation),
    settings: readSettings({ model, classes, copies: "0" }).settings,
    folders: { model: folder },
    log: () => {},
    stopping: () => false,
  });
  console.log(JSON.stringify({ model, accuracy: metrics.accuracy, epochs: metrics.epochs }));
} finally {
  await rm(data, { recursive: true, force: true });
}
