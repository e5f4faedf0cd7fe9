// SageMaker Ground Truth's output manifest: a JSON object a line, `source-ref` or `source`, a label attribute of any
// name and its `-metadata`. https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html
import type { Collection } from "./collection.ts";
import type { Format, ReadContext, Written } from "./format.ts";
import { parseObject } from "./json.ts";
import { lines } from "./lines.ts";
import { locator } from "./locate.ts";
import { readLine } from "./manifest-read.ts";
import { writeLine } from "./manifest-write.ts";
import { directory } from "./path.ts";
import { problem } from "./problem.ts";
import { type Sketch, sketch } from "./sketch.ts";
import { splitOfLabelFile } from "./split.ts";
import { survey } from "./survey.ts";

export const manifest: Format = {
  name: "manifest",
  title: "Ground Truth manifest",
  tasks: ["image-classification", "object-detection", "text-classification"],
  looksFor:
    'a .manifest or .jsonl whose lines have "source-ref" or "source" and a label with its "-metadata"',
  detect: async (seen) => (await manifests(seen)).length > 0,
  async *read(collection, context) {
    for (const path of await manifests(await sketch(collection))) yield* readFile(collection, path, context);
  },
  async *write(items, { classes, base = "" }): AsyncIterable<Written> {
    const { classes: all } = await survey(items, classes);
    for await (const item of items()) {
      const path = item.split ? `${item.split}.manifest` : "output.manifest";
      yield { path, text: `${JSON.stringify(writeLine(item, { classes: all, base }))}\n` };
      if (item.file !== undefined) yield { path: item.file, copyOf: item.file };
    }
  },
};

async function manifests({ endings, head }: Sketch): Promise<string[]> {
  const found: string[] = [];
  const candidates = ["manifest", "jsonl", "json"].flatMap((ending) => endings.get(ending) ?? []);
  for (const path of candidates) {
    const top = (await head(path)).replace(/^\uFEFF/, "").split("\n", 20);
    if (
      top
        .map(parseObject)
        .some((line) => line && ("source-ref" in line || "source" in line) && !("file" in line))
    )
      found.push(path);
  }
  return found;
}

async function* readFile(collection: Collection, path: string, { folders, classes = [] }: ReadContext) {
  const bytes = await collection.stream(path);
  if (!bytes) return;
  const locate = locator(collection, directory(path), folders);
  const split = splitOfLabelFile(path);
  for await (const line of lines(bytes)) {
    const at = { file: path, line: line.number };
    if (line.fault)
      yield problem(
        line.fault === "too long" ? "LINE_TOO_LONG" : "LINE_BROKEN",
        at,
        `The line is ${line.fault}.`,
      );
    else if (line.text.trim() !== "") yield* readLine(line.text, { at, locate, classes, split });
  }
}
