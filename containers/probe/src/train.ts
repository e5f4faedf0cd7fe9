// From labelled items to a package: split, extract, fit, measure, export.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Checkpoints, checkpoints, fingerprintOf } from "./checkpoint.ts";
import type { Input, Prepared } from "./data/input.ts";
import { taskOf } from "./data/items.ts";
import { balanced, classesOf, refuseTooFew, split } from "./data/split.ts";
import { exportPackage } from "./export.ts";
import { TrainingError } from "./failure.ts";
import { type FeatureOptions, featuresOf } from "./features.ts";
import { type EpochReport, type FitState, fit } from "./head/fit.ts";
import { fold, measure, predictAll, standardise } from "./head/head.ts";
import { type Report, report } from "./head/metrics.ts";
import { random } from "@sluice/samples/toolkit/random.ts";
import { type Settings, settled } from "./settings.ts";

export interface TrainOptions extends Input, FeatureOptions {
  folders: {
    model: string;
    /** Of the job's other results: metrics with the history of all epochs. */
    output?: string;
    checkpoints?: string;
  };
  /** What is known of the job, for the package's lineage. */
  lineage?: Record<string, unknown>;
}

export interface Trained {
  version: string;
  metrics: Report & {
    epochs: number;
    stoppedBy: string;
    train: number;
    validation: number;
    unreadable: number;
  };
}

export async function train(options: TrainOptions): Promise<Trained> {
  const { settings: asked, folders, prepared, log } = options;
  if (options.train.length === 0)
    throw new TrainingError(
      "There are no labelled items to learn from. Put class folders or a .jsonl list in the 'train' channel, or prepare a dataset.",
    );
  if (!asked.trainOnlyTopLayer)
    log(
      "warning: trainOnlyTopLayer=false has no effect, the probe's backbone is frozen; only its head learns.",
    );
  const task = asked.task ?? taskOf(options.train);
  const settings = settled(asked, task);
  const parts = options.validation?.length
    ? { train: options.train, held: options.validation }
    : split(options.train, settings.validationShare, random("split", settings.seed));
  const classes = classesOf([...parts.train, ...parts.held], settings.classes ?? prepared?.classes);
  log(
    `task=${task}; classes=${classes.length}; train=${parts.train.length}; validation=${parts.held.length};`,
  );

  const features = await featuresOf(task, parts, classes, options);
  refuseTooFew(features.train.labels, features.held.labels, classes);
  for (const [kind, name] of classes.entries())
    if (!features.train.labels.includes(kind)) log(`warning: nothing to learn '${name}' from.`);
  log(`features=${features.train.columns}; rows=${features.train.labels.length};`);

  const saved =
    folders.checkpoints === undefined
      ? undefined
      : checkpoints(folders.checkpoints, fingerprintOf(settings, classes, features.train), log);
  const scale = measure(features.train);
  standardise(features.train, scale);
  standardise(features.held, scale);
  const before = await saved?.read();
  if (before) log(`resumed after epoch ${before.history.length}`);
  const fitted = await fit(
    features.train,
    features.held,
    {
      ...settings,
      classes,
      classWeights: weightsOf(features.train.labels, classes, settings, prepared),
      afterEpoch: (epoch, state) => afterEpoch(epoch, state, { ...options, settings }, saved),
    },
    before,
  );

  const measured = report(predictAll(fitted.best.head, features.held), features.held.labels, classes);
  const metrics = {
    ...measured,
    epochs: fitted.history.length,
    stoppedBy: fitted.stoppedBy,
    train: parts.train.length,
    validation: features.held.labels.length,
    unreadable: features.train.unreadable.length + features.held.unreadable.length,
  };
  const { confusion, ...summary } = metrics;
  const version = await exportPackage(folders.model, {
    model: settings.model,
    task,
    classes,
    head: fold(fitted.best.head, scale),
    training: {
      trainer: "probe",
      hyperparameters: settings,
      ...(prepared?.id && { dataset: prepared.id }),
      ...options.lineage,
    },
    metrics: summary,
    datasetDigest: prepared?.digest,
  });
  const whole = { ...metrics, classes, bestEpoch: fitted.best.report.epoch, history: fitted.history };
  for (const folder of [folders.model, folders.output])
    if (folder !== undefined) await writeJson(path.join(folder, "metrics.json"), whole);
  log(
    `final; version=${version}; validation:accuracy=${measured.accuracy.toFixed(4)}; validation:loss=${measured.loss.toFixed(4)};`,
  );
  return { version, metrics };
}

/** What the job asks for; else what its dataset says; else every class the same in all. */
function weightsOf(
  labels: number[],
  classes: string[],
  { weights }: Settings,
  prepared: Prepared | undefined,
): Float32Array {
  if (weights === "balanced" || (weights === undefined && prepared === undefined))
    return balanced(labels, classes);
  return Float32Array.from(classes, (name) => (weights === "none" ? 1 : (prepared?.weights?.[name] ?? 1)));
}

/** One line an epoch, in the form SageMaker's metric definitions pick numbers from; then a breath for signals. */
async function afterEpoch(
  { epoch, trainLoss, validationLoss, validationAccuracy }: EpochReport,
  state: FitState,
  { settings, log, stopping }: TrainOptions & { settings: Settings },
  saved: Checkpoints | undefined,
) {
  log(
    `epoch=${epoch}; train:loss=${trainLoss.toFixed(4)}; validation:loss=${validationLoss.toFixed(4)}; validation:accuracy=${validationAccuracy.toFixed(4)};`,
  );
  await new Promise((resolve) => setImmediate(resolve));
  await saved?.write(state, stopping() || epoch === settings.epochs);
  return !stopping();
}

async function writeJson(file: string, value: unknown) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
