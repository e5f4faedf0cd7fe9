// Extracts features from items, by task; logs and skips unreadable items.
import type { Item } from "./data/items.ts";
import type { Task } from "./export.ts";
import { TrainingError } from "./data/error.ts";
import type { FeatureRows } from "./head/rows.ts";
import { extractor } from "./image/features.ts";
import type { Hyperparameters } from "./settings.ts";
import { extract as extractTexts } from "./text/features.ts";

export interface Parts<T> {
  train: T;
  held: T;
}

export interface FeatureOptions {
  settings: Hyperparameters;
  log(line: string): void;
  stopping(): boolean;
}

const REPORT_EVERY = 500;

export async function featuresOf(
  task: Task,
  parts: Parts<Item[]>,
  classes: string[],
  options: FeatureOptions,
): Promise<Parts<FeatureRows>> {
  const features = await (task === "image-classification" ? images : texts)(parts, classes, options);
  const unreadable = [...features.train.unreadable, ...features.held.unreadable];
  for (const { name, reason } of unreadable) options.log(`skipped ${name}: ${reason}`);
  if (features.train.labels.length === 0 && unreadable.length > 0)
    throw new TrainingError(
      `None of the ${parts.train.length} training files can be read. The first: ${unreadable[0]!.name}: ${unreadable[0]!.reason}`,
    );
  return features;
}

const labelsOf = (items: Item[], classes: string[]) => items.map(({ label }) => classes.indexOf(label));

async function images(
  { train, held }: Parts<Item[]>,
  classes: string[],
  { settings, log, stopping }: FeatureOptions,
): Promise<Parts<FeatureRows>> {
  const all = train.length + held.length;
  let reported = 0;
  const progress = (done: number) => {
    if (stopping())
      throw new TrainingError("The job was stopped before the first epoch, so there is no model.");
    if (done - reported < REPORT_EVERY && done < all) return;
    reported = done;
    log(`read ${done} of ${all} images`);
  };
  const extract = await extractor();
  return {
    train: await extract(train, labelsOf(train, classes), progress, settings),
    held: await extract(held, labelsOf(held, classes), (done) => progress(train.length + done)),
  };
}

async function texts({ train, held }: Parts<Item[]>, classes: string[]): Promise<Parts<FeatureRows>> {
  return {
    train: await extractTexts(train, labelsOf(train, classes)),
    held: await extractTexts(held, labelsOf(held, classes)),
  };
}
