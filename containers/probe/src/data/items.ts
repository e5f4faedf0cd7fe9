// Reads lists of labeled files and texts: one JSON object on each line.
import { createReadStream } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { TrainingError } from "./error.ts";

export interface Item {
  name: string;
  label: string;
  /** The path of the file, or the text itself. */
  file?: string;
  text?: string;
}

/** `root` is the folder of the files; `name` is the name of the list in errors. */
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
        ? `${where} has boxes but no "label". The probe learns classes only.`
        : `${where} has no "label".`,
    );
  if (typeof text === "string") return { name: typeof file === "string" ? file : where, label, text };
  if (typeof file !== "string") throw new TrainingError(`${where} has neither "file" nor "text".`);
  const target = path.resolve(root, file);
  if (!target.startsWith(path.resolve(root) + path.sep))
    throw new TrainingError(`${where} names '${file}', which is outside the channel.`);
  return { name: file, label, file: target };
}

const IMAGE = /\.(jpe?g|png|webp|gif|tiff?)$/i;
const TEXT = /\.txt$/i;

export const isImage = (file: string) => IMAGE.test(file);
export const isText = (file: string) => TEXT.test(file);

/** For a job without a task. */
export const detectTask = (items: Item[]) =>
  items.some(({ file }) => file && isImage(file)) ? "image-classification" : "text-classification";
