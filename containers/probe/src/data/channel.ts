// A channel is a folder of class folders, or a folder with manifests that name each file's label or hold texts.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { TrainingError } from "../failure.ts";

export interface Item {
  name: string;
  label: string;
  /** Where the bytes are, or the text itself. */
  file?: string;
  text?: string;
}

const IMAGE = /\.(jpe?g|png|webp|gif|tiff?)$/i;
const TEXT = /\.txt$/i;
const MANIFEST = /\.(jsonl|manifest)$/i;

export async function readChannel(dir: string): Promise<Item[]> {
  const files = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .sort();
  const manifests = files.filter((file) => MANIFEST.test(file));
  if (manifests.length > 0)
    return (await Promise.all(manifests.map((file) => readManifest(dir, file)))).flat();
  return files
    .filter((file) => file.includes(path.sep) && (IMAGE.test(file) || TEXT.test(file)))
    .map((file) => ({ name: file, label: path.basename(path.dirname(file)), file: path.join(dir, file) }));
}

async function readManifest(dir: string, manifest: string): Promise<Item[]> {
  const lines = (await readFile(path.join(dir, manifest), "utf8")).split("\n");
  return lines.flatMap((line, at): Item[] => {
    if (line.trim() === "") return [];
    const where = `${manifest}, line ${at + 1}`;
    let entry: { file?: unknown; label?: unknown; text?: unknown };
    try {
      entry = JSON.parse(line) as typeof entry;
    } catch (error) {
      throw new TrainingError(`${where} is not JSON. Write one JSON object a line.`, error);
    }
    const { file, label, text } = entry;
    if (typeof label !== "string") throw new TrainingError(`${where} has no "label".`);
    if (typeof text === "string") return [{ name: where, label, text }];
    if (typeof file !== "string") throw new TrainingError(`${where} has neither "file" nor "text".`);
    const target = path.resolve(dir, file);
    if (!target.startsWith(path.resolve(dir) + path.sep))
      throw new TrainingError(`${where} names '${file}', which lies outside the channel.`);
    return [{ name: file, label, file: target }];
  });
}

export const taskOf = (items: Item[]) =>
  items.some(({ file }) => file && IMAGE.test(file)) ? "image-classification" : "text-classification";
