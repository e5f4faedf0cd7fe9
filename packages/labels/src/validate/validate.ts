// Every problem of a dataset, one by one, each with its place and its fix.
import type { Task } from "@sluice/models/index.ts";
import type { Collection } from "../format/collection.ts";
import type { FormatName } from "../format/format.ts";
import { isLabelled, type Labelled } from "../format/labelled.ts";
import { type Problem, problem, type Severity } from "../format/problem.ts";
import { census, type CensusOptions, lookAtAll } from "../inspect/census.ts";
import { fingerprints } from "../inspect/near.ts";
import { fileProblems } from "./file.ts";
import { labelProblems } from "./label.ts";
import { classProblems, copies, repeated } from "./set.ts";

export interface Verdict {
  format: FormatName;
  task: Task;
  /** Labels read. */
  items: number;
  problems: Record<Severity, number>;
}

export async function* validate(
  collection: Collection,
  options: CensusOptions,
): AsyncGenerator<Problem, Verdict> {
  const { format, task, items, problems, unmentioned } = await census(collection, options);
  const { model } = options;
  const verdict: Verdict = { format, task, items: items.length, problems: { error: 0, warning: 0 } };
  const classes = model?.classes;
  const counted = (one: Problem) => {
    verdict.problems[one.severity] += 1;
    return one;
  };
  for (const one of problems) yield counted(one);
  for (const item of items) for (const one of labelProblems(item, { task, classes })) yield counted(one);
  for (const file of unmentioned) yield counted(problem("UNLABELLED", { file }, `No label is for ${file}.`));
  for (const one of repeated(items)) yield counted(one);

  const prints = fingerprints();
  const of: Labelled[] = [];
  for await (const { item, looked } of lookAtAll(collection, items, options)) {
    for (const one of fileProblems(item, looked, { task, model })) yield counted(one);
    if (looked.kind !== "image" && looked.kind !== "text") continue;
    prints.add({ ...looked, file: item.file });
    of.push(item);
  }
  const noun = task === "text-classification" ? "text" : "picture";
  for (const one of classProblems(items.filter(isLabelled), { name: collection.name, classes, noun }))
    yield counted(one);
  for (const one of copies(prints, of)) yield counted(one);
  return verdict;
}
