// What is learned from: an item is a file or a text, with its label. Lists of items are JSON, one object a line.
import { createReadStream } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { TrainingError } from "../failure.ts";

export interface Item {
  name: string;
  label: string;
  /** Where the bytes are, or the text itself. */
  file?: string;
  text?: string;
}

/** The items of a list whose files lie below `root`; `name` is how messages call the list. */
export async function readItems(list: string, root: string, name: string): Promise<Item[]> {
  const items: Item[] = [];
  let at = 0;
  for await (const line of createInterface({ input: createReadStream(list), crlfDelay: Infinity })) {
    at++;
    if (line.trim() !== "") items.push(parse(line, root, `${name}, line ${at}`));
  }
  return items;
}

function parse(line: string, root: string, where: string): Item {
  let entry: { file?: unknown; label?: unknown; text?: unknown; boxes?: unknown };
  try {
    entry = JSON.parse(line) as typeof entry;
  } catch (error) {
    throw new TrainingError(`${where} is not JSON. Write one JSON object a line.`, error);
  }
  const { file, label, text, boxes } = entry;
  if (typeof label !== "string")
    throw new TrainingError(
      boxes
        ? `${where} has boxes and no "label": the probe learns classes only.`
        : `${where} has no "label".`,
    );
  if (typeof text === "string") return { name: typeof file === "string" ? file : where, label, text };
  if (typeof file !== "string") throw new TrainingError(`${where} has neither "file" nor "text".`);
  const target = path.resolve(root, file);
  if (!target.startsWith(path.resolve(root) + path.sep))
    throw new TrainingError(`${where} names '${file}', which lies outside the channel.`);
  return { name: file, label, file: target };
}

const IMAGE = /\.(jpe?g|png|webp|gif|tiff?)$/i;
const TEXT = /\.txt$/i;

export const isImage = (file: string) => IMAGE.test(file);
export const isText = (file: string) => TEXT.test(file);

/** What a job that names no task is about. */
export const taskOf = (items: Item[]) =>
  items.some(({ file }) => file && isImage(file)) ? "image-classification" : "text-classification";
