// Reads a channel: class folders, or lists that name files or contain texts, each with its label.
import { readdir } from "node:fs/promises";
import path from "node:path";
import { type Item, isImage, isText, readItems } from "./items.ts";

const LIST = /\.(jsonl|manifest)$/i;

export async function readChannel(dir: string): Promise<Item[]> {
  const files = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .sort();
  const lists = files.filter((file) => LIST.test(file));
  if (lists.length > 0)
    return (await Promise.all(lists.map((file) => readItems(path.join(dir, file), dir, file)))).flat();
  return files
    .filter((file) => file.includes(path.sep) && (isImage(file) || isText(file)))
    .map((file) => ({ name: file, label: path.basename(path.dirname(file)), file: path.join(dir, file) }));
}
