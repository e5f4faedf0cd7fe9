// Trains a package for an example model on sample data. Progress goes to stderr; the last line of stdout is JSON with the
// version and its accuracy.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readChannel } from "./data/channel.ts";
import { generatorOf } from "@sluice/samples/generate.ts";
import { writeSamples } from "@sluice/samples/write.ts";
import { readSettings } from "./settings.ts";
import { train } from "./train.ts";

const TRAIN = 490;
const VALIDATION = 175;
const SEED = 1;

const [model, outDir] = process.argv.slice(2);
if (!model || !outDir) {
  console.error("Usage: node train-sample.ts <model> <folder>");
  process.exit(2);
}
const log = (line: string) => process.stderr.write(`${line}\n`);
const data = await mkdtemp(path.join(tmpdir(), "sluice-sample-"));
try {
  const started = performance.now();
  const classes = JSON.stringify(generatorOf(model).classes);
  await writeSamples(model, path.join(data, "train"), { seed: SEED, from: 0, count: TRAIN });
  await writeSamples(model, path.join(data, "validation"), { seed: SEED, from: TRAIN, count: VALIDATION });
  log(`generated ${TRAIN + VALIDATION} samples in ${Math.round(performance.now() - started)} ms`);
  const { settings } = readSettings({ model, classes });
  const { version, metrics } = await train({
    train: await readChannel(path.join(data, "train")),
    validation: await readChannel(path.join(data, "validation")),
    settings,
    folders: { model: outDir },
    lineage: { data: "generated samples", seed: SEED },
    log,
    stopping: () => false,
  });
  const { accuracy, epochs } = metrics;
  console.log(
    JSON.stringify({ model, version, accuracy, epochs, ms: Math.round(performance.now() - started) }),
  );
} catch (error) {
  log((error as Error).message);
  process.exitCode = 1;
} finally {
  await rm(data, { recursive: true, force: true });
}
