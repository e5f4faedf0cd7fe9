// SageMaker Ground Truth output manifest: JSON objects with `source-ref` or `source`, a label attribute of any name,
// and its `-metadata`. https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html
import type { Collection } from "./collection.ts";
import type { Format, ReadContext, WrittenPart } from "./format.ts";
import { parseObject } from "./json.ts";
import { readLines } from "./lines.ts";
import { fileLocator } from "./file-locator.ts";
import { readLine } from "./manifest-read.ts";
import { writeLine } from "./manifest-write.ts";
import { directory } from "./path.ts";
import { createProblem } from "./problem.ts";
import { type FormatHints, formatHints } from "./format-hints.ts";
import { splitOfLabelFile } from "./split.ts";
import { summarizeLabels } from "./label-summary.ts";

export const manifest: Format = {
  name: "manifest",
  title: "Ground Truth manifest",
  tasks: ["image-classification", "object-detection", "text-classification"],
  expects:
    'a .manifest or .jsonl file whose lines have "source-ref" or "source" and a label with its "-metadata"',
  detect: async (hints) => (await findFiles(hints)).length > 0,
  async *read(collection, context) {
    for (const path of await findFiles(await formatHints(collection)))
      yield* readFile(collection, path, context);
  },
  async *write(items, { classes, base = "" }): AsyncIterable<WrittenPart> {
    const { classes: all } = await summarizeLabels(items, classes);
    for await (const item of items()) {
      const path = item.split ? `${item.split}.manifest` : "output.manifest";
      yield { path, text: `${JSON.stringify(writeLine(item, { classes: all, base }))}\n` };
      if (item.file !== undefined) yield { path: item.file, copyOf: item.file };
    }
  },
};

async function findFiles({ extensions, head }: FormatHints): Promise<string[]> {
  const found: string[] = [];
  const candidates = ["manifest", "jsonl", "json"].flatMap((extension) => extensions.get(extension) ?? []);
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
  const locate = fileLocator(collection, directory(path), folders);
  const split = splitOfLabelFile(path);
  for await (const line of readLines(bytes)) {
    const at = { file: path, line: line.number };
    if (line.fault)
      yield createProblem(
        line.fault === "too long" ? "LINE_TOO_LONG" : "LINE_BROKEN",
        at,
        `The line is ${line.fault}.`,
      );
    else if (line.text.trim() !== "") yield* readLine(line.text, { at, locate, classes, split });
  }
}
