// Trains a package from labeled items: split, extract, fit, evaluate, export.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Checkpoints, checkpoints, createFingerprint } from "./checkpoint.ts";
import type { Input, Prepared } from "./data/input.ts";
import { detectTask } from "./data/items.ts";
import { balancedWeights, classesOf, requireEnoughItems, split } from "./data/split.ts";
import { writePackage } from "./export.ts";
import { TrainingError } from "./data/error.ts";
import { type FeatureOptions, featuresOf } from "./features.ts";
import { type EpochReport, type FitState, fit } from "./head/fit.ts";
import { foldScale, measureScale, predict, standardiseInPlace } from "./head/head.ts";
import { type Metrics, report } from "./head/metrics.ts";
import { random } from "@sluice/samples/toolkit/random.ts";
import { type Settings, resolveSettings } from "./settings.ts";

export interface TrainOptions extends Input, FeatureOptions {
  folders: {
    model: string;
    /** For metrics with the history of all epochs. */
    output?: string;
    checkpoints?: string;
  };
  /** About the job, for the package. */
  lineage?: Record<string, unknown>;
}

export interface TrainingResult {
  version: string;
  metrics: Metrics & {
    epochs: number;
    stoppedBy: string;
    train: number;
    validation: number;
    unreadable: number;
  };
}

export async function train(options: TrainOptions): Promise<TrainingResult> {
  const { settings: hyperparameters, folders, prepared, log } = options;
  if (options.train.length === 0)
    throw new TrainingError(
      "The job has no labeled items. Put class folders or a .jsonl list in the 'train' channel, or prepare a dataset.",
    );
  if (!hyperparameters.trainOnlyTopLayer)
    log("warning: trainOnlyTopLayer=false has no effect: the probe's backbone is frozen.");
  const task = hyperparameters.task ?? detectTask(options.train);
  const settings = resolveSettings(hyperparameters, task);
  const parts = options.validation?.length
    ? { train: options.train, held: options.validation }
    : split(options.train, settings.validationShare, random("split", settings.seed));
  const classes = classesOf([...parts.train, ...parts.held], settings.classes ?? prepared?.classes);
  log(
    `task=${task}; classes=${classes.length}; train=${parts.train.length}; validation=${parts.held.length};`,
  );

  const features = await featuresOf(task, parts, classes, options);
  requireEnoughItems(features.train.labels, features.held.labels, classes);
  for (const [kind, name] of classes.entries())
    if (!features.train.labels.includes(kind)) log(`warning: the class '${name}' has no training items.`);
  log(`features=${features.train.columns}; rows=${features.train.labels.length};`);

  const saved =
    folders.checkpoints === undefined
      ? undefined
      : checkpoints(folders.checkpoints, createFingerprint(settings, classes, features.train), log);
  const scale = measureScale(features.train);
  standardiseInPlace(features.train, scale);
  standardiseInPlace(features.held, scale);
  const resumed = await saved?.read();
  if (resumed) log(`resumed after epoch ${resumed.history.length}`);
  const fitted = await fit(
    features.train,
    features.held,
    {
      ...settings,
      classes,
      classWeights: classWeights(features.train.labels, classes, settings, prepared),
      afterEpoch: (epoch, state) => afterEpoch(epoch, state, { ...options, settings }, saved),
    },
    resumed,
  );

  const measured = report(predict(fitted.best.head, features.held), features.held.labels, classes);
  const metrics = {
    ...measured,
    epochs: fitted.history.length,
    stoppedBy: fitted.stoppedBy,
    train: parts.train.length,
    validation: features.held.labels.length,
    unreadable: features.train.unreadable.length + features.held.unreadable.length,
  };
  const { confusion, ...summary } = metrics;
  const version = await writePackage(folders.model, {
    model: settings.model,
    task,
    classes,
    head: foldScale(fitted.best.head, scale),
    training: {
      trainer: "probe",
      hyperparameters: settings,
      ...(prepared?.id && { dataset: prepared.id }),
      ...options.lineage,
    },
    metrics: summary,
    datasetDigest: prepared?.digest,
  });
  const allMetrics = { ...metrics, classes, bestEpoch: fitted.best.report.epoch, history: fitted.history };
  for (const folder of [folders.model, folders.output])
    if (folder !== undefined) await writeJson(path.join(folder, "metrics.json"), allMetrics);
  log(
    `final; version=${version}; validation:accuracy=${measured.accuracy.toFixed(4)}; validation:loss=${measured.loss.toFixed(4)};`,
  );
  return { version, metrics };
}

/** The job's setting, else the dataset's weights, else balanced. */
function classWeights(
  labels: number[],
  classes: string[],
  { weights }: Settings,
  prepared: Prepared | undefined,
): Float32Array {
  if (weights === "balanced" || (weights === undefined && prepared === undefined))
    return balancedWeights(labels, classes);
  return Float32Array.from(classes, (name) => (weights === "none" ? 1 : (prepared?.weights?.[name] ?? 1)));
}

/** Logs the epoch in the format of SageMaker's metric definitions, then yields to signal handlers. */
async function afterEpoch(
  { epoch, trainLoss, validationLoss, validationAccuracy }: EpochReport,
  state: FitState,
  { settings, log, stopping }: TrainOptions & { settings: Settings },
  saved: Checkpoints | undefined,
) {
  log(
    `epoch=${epoch}; train:loss=${trainLoss.toFixed(4)}; validation:loss=${validationLoss.toFixed(4)}; validation:accuracy=${validationAccuracy.toFixed(4)}; epochs=${settings.epochs};`,
  );
  await new Promise((resolve) => setImmediate(resolve));
  await saved?.write(state, stopping() || epoch === settings.epochs);
  return !stopping();
}

async function writeJson(file: string, value: unknown) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
