// COCO detection JSON. Categories get new ids when written; their names stay.
import type { Format, WrittenPart } from "./format.ts";
import { readCoco } from "./coco-read.ts";
import { writeCoco } from "./coco-write.ts";
import { type FormatHints, formatHints } from "./format-hints.ts";
import { summarizeLabels } from "./label-summary.ts";

export const coco: Format = {
  name: "coco",
  title: "COCO JSON",
  tasks: ["object-detection"],
  expects: 'a .json file with "images", "annotations" and "categories"',
  detect: async (hints) => (await findFiles(hints)).length > 0,
  async *read(collection, context) {
    for (const path of await findFiles(await formatHints(collection)))
      yield* readCoco(collection, path, context);
  },
  async *write(items, { classes, size }): AsyncIterable<WrittenPart> {
    const { classes: all, splits } = await summarizeLabels(items, classes);
    for (const split of splits) yield* writeCoco(items, split, all, size);
    for await (const { file } of items()) if (file !== undefined) yield { path: file, copyOf: file };
  },
};

async function findFiles({ extensions, head }: FormatHints): Promise<string[]> {
  const found: string[] = [];
  for (const path of extensions.get("json") ?? [])
    if (/^\uFEFF?\s*\{[^]*"(images|annotations|categories)"\s*:\s*\[/.test(await head(path)))
      found.push(path);
  return found;
}
