// From labelled items to a package: read, split, extract, fit, measure, export.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type Item, taskOf } from "./data/channel.ts";
import { classWeights, classesOf, split } from "./data/split.ts";
import { type Task, exportPackage } from "./export.ts";
import { TrainingError } from "./failure.ts";
import { type EpochReport, fit } from "./head/fit.ts";
import { type Matrix, fold, measure, predictAll, standardise } from "./head/head.ts";
import { type Report, report } from "./head/metrics.ts";
import { extractor, readPictures, withCopies } from "./image/features.ts";
import { random } from "./random.ts";
import type { Settings } from "./settings.ts";
import { extract as extractTexts } from "./text/features.ts";

export interface TrainOptions {
  train: Item[];
  validation?: Item[];
  settings: Settings;
  outDir: string;
  /** What is known of the job, for the package's lineage. */
  lineage?: Record<string, unknown>;
  log(line: string): void;
  /** True once the job was asked to stop: the best head so far is then saved. */
  stopping(): boolean;
}

export interface Trained {
  version: string;
  metrics: Report & {
    epochs: number;
    stoppedBy: string;
    validation: number;
    train: number;
    unreadable: number;
  };
}

export async function train(options: TrainOptions): Promise<Trained> {
  const { settings, log } = options;
  if (options.train.length === 0)
    throw new TrainingError(
      "The train channel holds no labelled items. Put class folders or a .jsonl manifest in it.",
    );
  const chance = random("train", settings.seed);
  const task = settings.task ?? taskOf(options.train);
  const parts = options.validation?.length
    ? { train: options.train, held: options.validation }
    : split(options.train, settings.validationShare, chance);
  if (parts.held.length === 0)
    throw new TrainingError("Nothing can be held back to validate on. Give each class at least three items.");
  const classes = classesOf([...parts.train, ...parts.held], settings.classes);
  log(
    `task=${task}; classes=${classes.length}; train=${parts.train.length}; validation=${parts.held.length};`,
  );

  const features = await (task === "image-classification" ? pictures : texts)(parts, classes, options);
  const scale = measure(features.train);
  standardise(features.train, scale);
  standardise(features.held, scale);
  log(`features=${features.train.columns}; rows=${features.train.labels.length};`);

  const fitted = await fit(
    features.train,
    features.held,
    classes.length,
    {
      ...settings,
      classWeights: classWeights(parts.train, classes, settings.weights === "balanced"),
      afterEpoch: (epoch) => afterEpoch(epoch, options),
    },
    chance,
  );

  const measured = report(predictAll(fitted.head, features.held), features.held.labels, classes);
  const metrics = {
    ...measured,
    epochs: fitted.epochs,
    stoppedBy: fitted.stoppedBy,
    train: parts.train.length,
    validation: features.held.labels.length,
    unreadable: features.unreadable,
  };
  const { perClass, confusion, ...summary } = metrics;
  const version = await exportPackage(options.outDir, {
    model: settings.model,
    task: task as Task,
    classes,
    head: fold(fitted.head, scale),
    training: { trainer: "probe", hyperparameters: settings, ...options.lineage },
    metrics: { ...summary, perClass },
  });
  await writeFile(
    path.join(options.outDir, "metrics.json"),
    `${JSON.stringify({ ...metrics, classes, perClass, confusion }, null, 2)}\n`,
  );
  log(
    `final; version=${version}; validation:accuracy=${measured.accuracy.toFixed(4)}; validation:loss=${measured.loss.toFixed(4)};`,
  );
  return { version, metrics };
}

/** One line an epoch, in the form SageMaker's metric definitions pick numbers from; then a breath for signals. */
async function afterEpoch(
  { epoch, trainLoss, validationLoss, validationAccuracy }: EpochReport,
  options: TrainOptions,
) {
  options.log(
    `epoch=${epoch}; train:loss=${trainLoss.toFixed(4)}; validation:loss=${validationLoss.toFixed(4)}; validation:accuracy=${validationAccuracy.toFixed(4)};`,
  );
  await new Promise((resolve) => setImmediate(resolve));
  return !options.stopping();
}

interface Parts {
  train: Item[];
  held: Item[];
}
interface Features {
  train: Matrix;
  held: Matrix;
  unreadable: number;
}

async function pictures(parts: Parts, classes: string[], { settings, log }: TrainOptions): Promise<Features> {
  const labelsOf = (items: Item[]) => items.map(({ label }) => classes.indexOf(label));
  const learn = await readPictures(parts.train);
  const held = await readPictures(parts.held);
  const unreadable = [...learn.unreadable, ...held.unreadable];
  for (const { name, reason } of unreadable) log(`skipped ${name}: ${reason}`);
  if (learn.kept.length === 0 || held.kept.length === 0)
    throw new TrainingError(
      `None of the pictures can be read. The first: ${unreadable[0]?.name}: ${unreadable[0]?.reason}`,
    );
  const more = withCopies(
    learn.pixels,
    labelsOf(learn.kept),
    settings.copies,
    settings,
    random("augment", settings.seed),
  );
  const extract = await extractor();
  try {
    return {
      train: await extract.extract(more.pixels, more.labels),
      held: await extract.extract(held.pixels, labelsOf(held.kept)),
      unreadable: unreadable.length,
    };
  } finally {
    await extract.close();
  }
}

async function texts(parts: Parts, classes: string[]): Promise<Features> {
  const labelsOf = (items: Item[]) => items.map(({ label }) => classes.indexOf(label));
  return {
    train: await extractTexts(parts.train, labelsOf(parts.train)),
    held: await extractTexts(parts.held, labelsOf(parts.held)),
    unreadable: 0,
  };
}
