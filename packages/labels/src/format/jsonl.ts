// JSON Lines of our own: a `Labelled` a line. Also the shape of a prepared dataset's files, and close enough to what
// others write as `{"image": ..., "label": ...}` to read that.
import type { Collection } from "./collection.ts";
import type { Format, ReadContext, Written } from "./format.ts";
import { parseObject } from "./json.ts";
import { Labelled, type Split } from "./labelled.ts";
import { type Line, lines } from "./lines.ts";
import { type Locator, locator } from "./locate.ts";
import { directory } from "./path.ts";
import { type Problem, problem } from "./problem.ts";
import { type Sketch, sketch } from "./sketch.ts";
import { splitOfLabelFile } from "./split.ts";
import { SAVE_AS_UTF8 } from "./utf8.ts";

const FILE = ["file", "file_name", "filename", "image", "key", "path"];
const LABEL = ["label", "class"];

export const jsonl: Format = {
  name: "jsonl",
  title: "JSON Lines",
  tasks: ["image-classification", "object-detection", "text-classification"],
  looksFor: 'a .jsonl of {"file" or "text", "label" or "boxes"} lines',
  detect: async (seen) => (await labelFiles(seen)).length > 0,
  async *read(collection, context) {
    for (const path of await labelFiles(await sketch(collection))) yield* readFile(collection, path, context);
  },
  async *write(items): AsyncIterable<Written> {
    for await (const { at: _, ...item } of items()) {
      yield { path: "labels.jsonl", text: `${JSON.stringify(item)}\n` };
      if (item.file !== undefined) yield { path: item.file, copyOf: item.file };
    }
  },
};

async function labelFiles({ endings, head }: Sketch): Promise<string[]> {
  const found: string[] = [];
  for (const path of [...(endings.get("jsonl") ?? []), ...(endings.get("ndjson") ?? [])]) {
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
  const locate = locator(collection, directory(path), folders);
  const split = splitOfLabelFile(path);
  for await (const line of lines(bytes)) {
    if (line.fault || line.text.trim() !== "") yield await itemOf(line, path, locate, split);
  }
}

const isKnown = (name: string) => Object.hasOwn(Labelled.shape, name);

async function itemOf(
  line: Line,
  path: string,
  locate: Locator,
  split: Split | undefined,
): Promise<Labelled | Problem> {
  const at = { file: path, line: line.number };
  if (line.fault)
    return problem(
      line.fault === "too long" ? "LINE_TOO_LONG" : "LINE_BROKEN",
      at,
      `The line is ${line.fault}.`,
      line.fault === "not UTF-8" ? SAVE_AS_UTF8 : undefined,
    );
  const value = parseObject(line.text);
  if (!value) return problem("LINE_BROKEN", at, "The line is no JSON object.");
  const { extra, ...said } = value;
  const take = (names: string[]) => {
    const name = names.find((one) => typeof said[one] === "string");
    const found = name === undefined ? undefined : (said[name] as string);
    if (name !== undefined) delete said[name];
    return found;
  };
  const [reference, label] = [take(FILE), take(LABEL)];
  const file = reference === undefined ? undefined : await locate(reference);
  if (reference !== undefined && file === undefined)
    return problem("PATH_UNSAFE", at, `"${reference}" points outside the dataset.`);
  const { width, height } = said as { width?: unknown; height?: unknown };
  const sized = typeof width === "number" && typeof height === "number";
  if (sized) {
    delete said["width"];
    delete said["height"];
  }
  const known = Object.entries(said).filter(([name]) => isKnown(name));
  const others = Object.entries(said).filter(([name]) => !isKnown(name));
  const all = { ...(extra as object | undefined), ...Object.fromEntries(others) };
  const item = {
    ...(sized && { image: { width, height } }),
    ...(split && { split }),
    ...Object.fromEntries(known),
    ...(file !== undefined && { file }),
    ...(label !== undefined && { label }),
    ...(Object.keys(all).length > 0 && { extra: all }),
    at,
  };
  const checked = Labelled.safeParse(item);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const field = issue!.path.join(".") || "the line";
  return problem("FIELD_INVALID", at, `${field}: ${issue!.message}.`);
}
