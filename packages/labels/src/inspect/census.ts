// A whole set at once: what its labels say, which files lie there, and what each of those shows.
import type { Model, Task } from "@sluice/models/index.ts";
import { ahead } from "../format/ahead.ts";
import type { Collection } from "../format/collection.ts";
import type { FormatName } from "../format/format.ts";
import { readable, readLabels } from "../format/formats.ts";
import type { Labelled } from "../format/labelled.ts";
import { isProblem, type Problem } from "../format/problem.ts";
import { PICTURE, TEXT } from "../format/sketch.ts";
import { type Limits, LIMITS, look, lookAt, type Looked } from "./inspect-file.ts";

export interface CensusOptions {
  /** Whose classes, task and limits hold; without it the set is judged by itself. */
  model?: Model;
  /** Told, not recognised. */
  format?: FormatName;
  /** Files looked at so far, of how many. */
  onProgress?: (done: number, total: number) => void;
}

export interface Census {
  format: FormatName;
  task: Task;
  /** Every label, in the order of the label files. */
  items: Labelled[];
  /** Of the label files themselves. */
  problems: Problem[];
  /** Pictures (or texts) that lie there with no word about them. */
  unmentioned: string[];
}

/** Decoding is work for processors; reading is waiting: some more than there are cores. */
const LANES = 8;

export async function census(collection: Collection, { model, format }: CensusOptions): Promise<Census> {
  const { name } = await readable(collection, format);
  const items: Labelled[] = [];
  const problems: Problem[] = [];
  for await (const one of readLabels(collection, { format: name, classes: model?.classes })) {
    if (isProblem(one)) problems.push(one);
    else items.push(one);
  }
  const task = model?.task ?? taskOf(items);
  const mentioned = new Set(items.map(({ file }) => file));
  const labelFiles = new Set(items.map(({ at }) => at?.file).filter((file) => file !== undefined));
  const kind = task === "text-classification" ? TEXT : PICTURE;
  const unmentioned: string[] = [];
  for await (const { path } of collection.list())
    if (kind.test(path) && !mentioned.has(path) && !labelFiles.has(path)) unmentioned.push(path);
  return { format: name, task, items, problems, unmentioned };
}

function taskOf(items: readonly Labelled[]): Task {
  if (items.some(({ boxes }) => boxes)) return "object-detection";
  const texts = items.filter(({ file, text }) => text !== undefined || TEXT.test(file ?? ""));
  return texts.length > items.length / 2 ? "text-classification" : "image-classification";
}

/** Each file once, and each text that stands in a label file, with the first label that is for it. */
export async function* lookAtAll(
  collection: Collection,
  items: readonly Labelled[],
  { model, onProgress }: CensusOptions,
): AsyncGenerator<{ item: Labelled; looked: Looked }> {
  const seen = new Set<string>();
  const first = items.filter(({ file }) => file === undefined || (!seen.has(file) && seen.add(file)));
  let done = 0;
  const bound: Limits = model
    ? { maxBytes: model.accepts.maxBytes, maxPixels: model.accepts.maxPixels }
    : LIMITS;
  for await (const one of ahead(first, LANES, async (item) => ({
    item,
    looked:
      item.file === undefined
        ? await lookAt(Buffer.from(item.text!), bound)
        : await look(collection, item.file, bound),
  }))) {
    done += 1;
    onProgress?.(done, first.length);
    yield one;
  }
}
