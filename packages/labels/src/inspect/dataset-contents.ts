// Reads all labels of a dataset, and inspects its files.
import type { Model, Task } from "@sluice/models/index.ts";
import { readAhead } from "../format/read-ahead.ts";
import type { Collection } from "../format/collection.ts";
import type { FormatName } from "../format/format.ts";
import { readableFormat, readLabels } from "../format/formats.ts";
import type { Sample } from "../format/sample.ts";
import { isProblem, type Problem } from "../format/problem.ts";
import { ANY_IMAGE, TEXT } from "../format/format-hints.ts";
import {
  type Limits,
  DEFAULT_LIMITS,
  inspectFile,
  inspectBytes,
  type FileInspection,
} from "./inspect-file.ts";

export interface InspectOptions {
  /** Defines classes, task and limits. Without a model they come from the labels. */
  model?: Model;
  /** Without it, the format is detected. */
  format?: FormatName;
  /** Inspected files, of all. */
  onProgress?: (done: number, total: number) => void;
}

export interface DatasetContents {
  format: FormatName;
  task: Task;
  /** All labels, in the order of the label files. */
  items: Sample[];
  /** Problems of the label files. */
  problems: Problem[];
  /** Images or texts that no label file lists. */
  unlisted: string[];
}

/** Reading waits for storage, so more than the number of cores. */
const CONCURRENCY = 8;

export async function readContents(
  collection: Collection,
  { model, format }: InspectOptions,
): Promise<DatasetContents> {
  const { name } = await readableFormat(collection, format);
  const items: Sample[] = [];
  const problems: Problem[] = [];
  for await (const one of readLabels(collection, { format: name, classes: model?.classes })) {
    if (isProblem(one)) problems.push(one);
    else items.push(one);
  }
  const task = model?.task ?? taskOf(items);
  const labelledFiles = new Set(items.map(({ file }) => file));
  const labelFiles = new Set(items.map(({ at }) => at?.file).filter((file) => file !== undefined));
  const kind = task === "text-classification" ? TEXT : ANY_IMAGE;
  const unlisted: string[] = [];
  for await (const { path } of collection.list())
    if (kind.test(path) && !labelledFiles.has(path) && !labelFiles.has(path)) unlisted.push(path);
  return { format: name, task, items, problems, unlisted: unlisted };
}

function taskOf(items: readonly Sample[]): Task {
  if (items.some(({ boxes }) => boxes)) return "object-detection";
  const texts = items.filter(({ file, text }) => text !== undefined || TEXT.test(file ?? ""));
  return texts.length > items.length / 2 ? "text-classification" : "image-classification";
}

/** Inspects each file once, and each text of a label file. Yields them with their first label. */
export async function* inspectFiles(
  collection: Collection,
  items: readonly Sample[],
  { model, onProgress }: InspectOptions,
): AsyncGenerator<{ item: Sample; inspection: FileInspection }> {
  const seen = new Set<string>();
  const first = items.filter(({ file }) => file === undefined || (!seen.has(file) && seen.add(file)));
  let done = 0;
  const limits: Limits = model
    ? { maxBytes: model.accepts.maxBytes, maxPixels: model.accepts.maxPixels }
    : DEFAULT_LIMITS;
  for await (const one of readAhead(first, CONCURRENCY, async (item) => ({
    item,
    inspection:
      item.file === undefined
        ? await inspectBytes(Buffer.from(item.text!), limits)
        : await inspectFile(collection, item.file, limits),
  }))) {
    done += 1;
    onProgress?.(done, first.length);
    yield one;
  }
}
