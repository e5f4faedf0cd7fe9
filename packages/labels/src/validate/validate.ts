// Finds all problems of a dataset, each with its location and fix.
import type { Task } from "@sluice/models/index.ts";
import type { Collection } from "../format/collection.ts";
import type { FormatName } from "../format/format.ts";
import { createProblem, type Problem, type Severity } from "../format/problem.ts";
import { isLabelled, type Sample } from "../format/sample.ts";
import { type InspectOptions, inspectFiles, readContents } from "../inspect/dataset-contents.ts";
import { fingerprints } from "../inspect/fingerprints.ts";
import { checkClassCounts, findDuplicates, findRepeatedLabels } from "./dataset.ts";
import { checkFile } from "./file.ts";
import { checkLabel } from "./label.ts";

export interface ValidationResult {
  format: FormatName;
  task: Task;
  /** The number of labels. */
  items: number;
  problems: Record<Severity, number>;
}

export async function* validateDataset(
  collection: Collection,
  options: InspectOptions,
): AsyncGenerator<Problem, ValidationResult> {
  const contents = await readContents(collection, options);
  const counts = { error: 0, warning: 0 };
  for await (const problem of findProblems(collection, options, contents)) {
    counts[problem.severity] += 1;
    yield problem;
  }
  const { format, task, items } = contents;
  return { format, task, items: items.length, problems: counts };
}

async function* findProblems(
  collection: Collection,
  options: InspectOptions,
  { task, items, problems, unlisted }: Awaited<ReturnType<typeof readContents>>,
): AsyncGenerator<Problem> {
  const { model } = options;
  const classes = model?.classes;
  yield* problems;
  for (const item of items) yield* checkLabel(item, { task, classes });
  for (const file of unlisted) yield createProblem("UNLABELLED", { file }, `${file} has no label.`);
  yield* findRepeatedLabels(items);

  const prints = fingerprints();
  const inspected: Sample[] = [];
  for await (const { item, inspection } of inspectFiles(collection, items, options)) {
    yield* checkFile(item, inspection, { task, model });
    if (inspection.kind !== "image" && inspection.kind !== "text") continue;
    prints.add({ ...inspection, file: item.file });
    inspected.push(item);
  }
  const noun = task === "text-classification" ? "text" : "image";
  yield* checkClassCounts(items.filter(isLabelled), { name: collection.name, classes, noun });
  yield* findDuplicates(prints, inspected);
}
