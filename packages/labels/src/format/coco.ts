// COCO's detection JSON. Names of categories are kept, their numbers are given anew when written.
import type { Format, Written } from "./format.ts";
import { readCoco } from "./coco-read.ts";
import { writeCoco } from "./coco-write.ts";
import { type Sketch, sketch } from "./sketch.ts";
import { survey } from "./survey.ts";

export const coco: Format = {
  name: "coco",
  title: "COCO JSON",
  tasks: ["object-detection"],
  looksFor: 'a .json with "images", "annotations" and "categories"',
  detect: async (seen) => (await labelFiles(seen)).length > 0,
  async *read(collection, context) {
    for (const path of await labelFiles(await sketch(collection))) yield* readCoco(collection, path, context);
  },
  async *write(items, { classes, size }): AsyncIterable<Written> {
    const { classes: all, splits } = await survey(items, classes);
    for (const split of splits) yield* writeCoco(items, split, all, size);
    for await (const { file } of items()) if (file !== undefined) yield { path: file, copyOf: file };
  },
};

async function labelFiles({ endings, head }: Sketch): Promise<string[]> {
  const found: string[] = [];
  for (const path of endings.get("json") ?? [])
    if (/^\uFEFF?\s*\{[^]*"(images|annotations|categories)"\s*:\s*\[/.test(await head(path)))
      found.push(path);
  return found;
}
