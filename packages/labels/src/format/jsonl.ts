// JSON Lines: a `Sample` in each line. Prepared datasets have this format. Also reads `{"image": ..., "label": ...}`.
import type { Collection } from "./collection.ts";
import type { Format, ReadContext, WrittenPart } from "./format.ts";
import { parseObject } from "./json.ts";
import { Sample, type Split } from "./sample.ts";
import { type Line, readLines } from "./lines.ts";
import { type FileLocator, fileLocator } from "./file-locator.ts";
import { directory } from "./path.ts";
import { type Problem, createProblem } from "./problem.ts";
import { type FormatHints, formatHints } from "./format-hints.ts";
import { splitOfLabelFile } from "./split.ts";
import { SAVE_AS_UTF8 } from "./utf8.ts";

const FILE = ["file", "file_name", "filename", "image", "key", "path"];
const LABEL = ["label", "class"];

export const jsonl: Format = {
  name: "jsonl",
  title: "JSON Lines",
  tasks: ["image-classification", "object-detection", "text-classification"],
  expects: 'a .jsonl file of {"file" or "text", "label" or "boxes"} lines',
  detect: async (hints) => (await findFiles(hints)).length > 0,
  async *read(collection, context) {
    for (const path of await findFiles(await formatHints(collection)))
      yield* readFile(collection, path, context);
  },
  async *write(items): AsyncIterable<WrittenPart> {
    for await (const { at: _, ...item } of items()) {
      yield { path: "labels.jsonl", text: `${JSON.stringify(item)}\n` };
      if (item.file !== undefined) yield { path: item.file, copyOf: item.file };
    }
  },
};

async function findFiles({ extensions, head }: FormatHints): Promise<string[]> {
  const found: string[] = [];
  for (const path of [...(extensions.get("jsonl") ?? []), ...(extensions.get("ndjson") ?? [])]) {
    const top = (await head(path)).replace(/^\uFEFF/, "").split("\n", 20);
    const first = top.map(parseObject).find((value) => value !== undefined);
    const named = (names: string[]) => names.some((name) => first?.[name] !== undefined);
    if (
      first &&
      (named(FILE) || typeof first["text"] === "string") &&
      (named(LABEL) || first["boxes"] || named(["text"]))
    )
      found.push(path);
  }
  return found;
}

async function* readFile(collection: Collection, path: string, { folders }: ReadContext) {
  const bytes = await collection.stream(path);
  if (!bytes) return;
  const locate = fileLocator(collection, directory(path), folders);
  const split = splitOfLabelFile(path);
  for await (const line of readLines(bytes)) {
    if (line.fault || line.text.trim() !== "") yield await sampleOf(line, path, locate, split);
  }
}

const isKnown = (name: string) => Object.hasOwn(Sample.shape, name);

async function sampleOf(
  line: Line,
  path: string,
  locate: FileLocator,
  split: Split | undefined,
): Promise<Sample | Problem> {
  const at = { file: path, line: line.number };
  if (line.fault)
    return createProblem(
      line.fault === "too long" ? "LINE_TOO_LONG" : "LINE_BROKEN",
      at,
      `The line is ${line.fault}.`,
      line.fault === "not UTF-8" ? SAVE_AS_UTF8 : undefined,
    );
  const value = parseObject(line.text);
  if (!value) return createProblem("LINE_BROKEN", at, "The line is not a JSON object.");
  const { extra, ...fields } = value;
  const take = (names: string[]) => {
    const name = names.find((one) => typeof fields[one] === "string");
    const found = name === undefined ? undefined : (fields[name] as string);
    if (name !== undefined) delete fields[name];
    return found;
  };
  const [reference, label] = [take(FILE), take(LABEL)];
  const file = reference === undefined ? undefined : await locate(reference);
  if (reference !== undefined && file === undefined)
    return createProblem("PATH_UNSAFE", at, `"${reference}" points outside the dataset.`);
  const { width, height } = fields as { width?: unknown; height?: unknown };
  const hasSize = typeof width === "number" && typeof height === "number";
  if (hasSize) {
    delete fields["width"];
    delete fields["height"];
  }
  const known = Object.entries(fields).filter(([name]) => isKnown(name));
  const others = Object.entries(fields).filter(([name]) => !isKnown(name));
  const all = { ...(extra as object | undefined), ...Object.fromEntries(others) };
  const item = {
    ...(hasSize && { image: { width, height } }),
    ...(split && { split }),
    ...Object.fromEntries(known),
    ...(file !== undefined && { file }),
    ...(label !== undefined && { label }),
    ...(Object.keys(all).length > 0 && { extra: all }),
    at,
  };
  const checked = Sample.safeParse(item);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const field = issue!.path.join(".") || "the line";
  return createProblem("FIELD_INVALID", at, `${field}: ${issue!.message}.`);
}
