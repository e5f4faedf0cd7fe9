import type { Collection } from "./collection.ts";
import type { ReadContext } from "./format.ts";
import { readElements, JsonError } from "./json-elements.ts";
import { type Json, number, parseObject, side, text, without } from "./json.ts";
import { type Box, type Sample, withoutUndefined } from "./sample.ts";
import { fileLocator } from "./file-locator.ts";
import { directory } from "./path.ts";
import { type Problem, createProblem } from "./problem.ts";
import { splitOfLabelFile } from "./split.ts";

/** Annotations are in any order, so all are held in memory. COCO's own largest file has 448 MB. */
const MAX_BYTES = 536_870_912;
const ARRAYS = new Set(["images", "annotations", "categories"]);

export async function* readCoco(
  collection: Collection,
  path: string,
  { folders }: ReadContext,
): AsyncGenerator<Sample | Problem> {
  const document: CocoDocument = {
    categories: new Map(),
    images: [],
    ids: new Set(),
    annotations: new Map(),
    problems: [],
  };
  try {
    const bytes = await collection.stream(path);
    if (bytes)
      for await (const { name, index, json } of readElements(limitBytes(bytes, MAX_BYTES), ARRAYS))
        addEntry(document, name, json, { file: path }, `Entry ${index + 1} of "${name}"`);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const code = error instanceof TooLarge ? "LABELS_TOO_LARGE" : "LABELS_UNREADABLE";
    yield createProblem(code, { file: path }, error.message);
    return;
  }
  yield* document.problems;
  const locate = fileLocator(collection, directory(path), folders);
  const split = splitOfLabelFile(path);
  for (const image of document.images) {
    const file = await locate(image.name);
    if (file === undefined)
      yield createProblem("PATH_UNSAFE", { file: path }, `"${image.name}" points outside the dataset.`);
    const boxes: Box[] = [];
    for (const json of document.annotations.get(image.id) ?? []) {
      const box = boxOf(parseObject(json)!, document.categories);
      if (typeof box === "string")
        yield createProblem("FIELD_INVALID", { file: path }, `${image.name}: ${box}`);
      else boxes.push(box);
    }
    document.annotations.delete(image.id);
    if (file !== undefined)
      yield withoutUndefined<Sample>({ file, boxes, split, ...image.rest, at: { file: path } });
  }
  for (const [id, left] of document.annotations)
    yield createProblem(
      "REFERENCE_UNKNOWN",
      { file: path },
      `${left.length} annotations refer to image ${id}, which is not listed.`,
    );
}

interface CocoDocument {
  categories: Map<number, string>;
  images: Array<{ id: number; name: string; rest: Partial<Sample> }>;
  ids: Set<number>;
  /** By image id, as JSON text: it needs a third of the memory. */
  annotations: Map<number, string[]>;
  problems: Problem[];
}

function addEntry(document: CocoDocument, name: string, json: string, at: { file: string }, which: string) {
  const value = parseObject(json);
  const fail = (code: "LINE_BROKEN" | "FIELD_MISSING" | "FIELD_INVALID", why: string) =>
    void document.problems.push(createProblem(code, at, `${which} ${why}`));
  if (!value) return fail("LINE_BROKEN", "is not a JSON object.");
  if (name === "annotations") {
    const image = number(value["image_id"]);
    if (image === undefined) return fail("FIELD_MISSING", "has no image_id.");
    const others = document.annotations.get(image);
    if (others) others.push(json);
    else document.annotations.set(image, [json]);
    return;
  }
  const id = number(value["id"]);
  if (id === undefined) return fail("FIELD_MISSING", "has no id.");
  if (name === "categories") {
    const category = text(value["name"]);
    if (category === undefined) return fail("FIELD_MISSING", "has no name.");
    document.categories.set(id, category);
    return;
  }
  const file = text(value["file_name"]);
  if (file === undefined) return fail("FIELD_MISSING", "has no file_name.");
  if (document.ids.has(id)) return fail("FIELD_INVALID", `repeats the id ${id}.`);
  document.ids.add(id);
  document.images.push({ id, name: file, rest: imageOf(value) });
}

function imageOf(value: Json): Partial<Sample> {
  const [width, height] = [number(value["width"]), number(value["height"])];
  const extra = without(
    value,
    "file_name",
    "width",
    "height",
    "source",
    "annotator",
    "labelled_at",
    "confidence",
  );
  return withoutUndefined<Partial<Sample>>({
    image: width! > 0 && height! > 0 ? { width: width!, height: height! } : undefined,
    source: text(value["source"]),
    annotator: text(value["annotator"]),
    labelledAt: text(value["labelled_at"]),
    confidence: number(value["confidence"]),
    extra,
  });
}

/** The box, or a message about its error. */
function boxOf(value: Json, categories: ReadonlyMap<number, string>): Box | string {
  const name = categories.get(number(value["category_id"]) ?? Number.NaN);
  if (name === undefined)
    return `an annotation has the category ${String(value["category_id"])}, which is not listed.`;
  const sides = Array.isArray(value["bbox"]) ? value["bbox"].map(side) : [];
  if (sides.length !== 4 || sides.includes(undefined))
    return "an annotation's bbox is not four valid numbers.";
  const [x, y, width, height] = sides as [number, number, number, number];
  const defaults = [
    ...(value["iscrowd"] === 0 ? ["iscrowd"] : []),
    ...(value["area"] === width * height ? ["area"] : []),
  ];
  const extra = without(value, "image_id", "category_id", "bbox", "score", ...defaults);
  return withoutUndefined<Box>({
    class: name,
    x,
    y,
    width,
    height,
    confidence: number(value["score"]),
    extra,
  });
}

class TooLarge extends JsonError {}

async function* limitBytes(bytes: AsyncIterable<Uint8Array>, limit: number) {
  let read = 0;
  for await (const chunk of bytes) {
    read += chunk.byteLength;
    if (read > limit) throw new TooLarge(`It has more than ${limit} bytes.`);
    yield chunk;
  }
}
