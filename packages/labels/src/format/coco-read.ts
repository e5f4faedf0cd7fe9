import type { Collection } from "./collection.ts";
import type { ReadContext } from "./format.ts";
import { elements, JsonBroken } from "./json-elements.ts";
import { type Json, number, parseObject, side, text, without } from "./json.ts";
import { type Box, type Labelled, present } from "./labelled.ts";
import { locator } from "./locate.ts";
import { directory } from "./path.ts";
import { type Problem, problem } from "./problem.ts";
import { splitOfLabelFile } from "./split.ts";

/** Bytes. Annotations stand in any order, so those of one file are held until all are read; COCO's own largest has 448 MB. */
const LIMIT = 536_870_912;
const ARRAYS = new Set(["images", "annotations", "categories"]);

export async function* readCoco(
  collection: Collection,
  path: string,
  { folders }: ReadContext,
): AsyncGenerator<Labelled | Problem> {
  const held: Held = {
    categories: new Map(),
    images: [],
    ids: new Set(),
    annotations: new Map(),
    problems: [],
  };
  try {
    const bytes = await collection.stream(path);
    if (bytes)
      for await (const { name, index, json } of elements(upTo(bytes, LIMIT), ARRAYS))
        hold(held, name, json, { file: path }, `Entry ${index + 1} of "${name}"`);
  } catch (error) {
    if (!(error instanceof JsonBroken)) throw error;
    const code = error instanceof TooLarge ? "LABELS_TOO_LARGE" : "LABELS_UNREADABLE";
    yield problem(code, { file: path }, error.message);
    return;
  }
  yield* held.problems;
  const locate = locator(collection, directory(path), folders);
  const split = splitOfLabelFile(path);
  for (const image of held.images) {
    const file = await locate(image.name);
    if (file === undefined)
      yield problem("PATH_UNSAFE", { file: path }, `"${image.name}" points outside the dataset.`);
    const boxes: Box[] = [];
    for (const json of held.annotations.get(image.id) ?? []) {
      const box = boxOf(parseObject(json)!, held.categories);
      if (typeof box === "string") yield problem("FIELD_INVALID", { file: path }, `${image.name}: ${box}`);
      else boxes.push(box);
    }
    held.annotations.delete(image.id);
    if (file !== undefined)
      yield present<Labelled>({ file, boxes, split, ...image.rest, at: { file: path } });
  }
  for (const [id, left] of held.annotations)
    yield problem(
      "REFERENCE_UNKNOWN",
      { file: path },
      `${left.length} annotations are for image ${id}, which is not listed.`,
    );
}

interface Held {
  categories: Map<number, string>;
  images: Array<{ id: number; name: string; rest: Partial<Labelled> }>;
  ids: Set<number>;
  /** By the image's id, still as JSON: a third of the memory. */
  annotations: Map<number, string[]>;
  problems: Problem[];
}

function hold(held: Held, name: string, json: string, at: { file: string }, which: string) {
  const value = parseObject(json);
  const fail = (code: "LINE_BROKEN" | "FIELD_MISSING" | "FIELD_INVALID", why: string) =>
    void held.problems.push(problem(code, at, `${which} ${why}`));
  if (!value) return fail("LINE_BROKEN", "is no JSON object.");
  if (name === "annotations") {
    const image = number(value["image_id"]);
    if (image === undefined) return fail("FIELD_MISSING", "has no image_id.");
    const others = held.annotations.get(image);
    if (others) others.push(json);
    else held.annotations.set(image, [json]);
    return;
  }
  const id = number(value["id"]);
  if (id === undefined) return fail("FIELD_MISSING", "has no id.");
  if (name === "categories") {
    const category = text(value["name"]);
    if (category === undefined) return fail("FIELD_MISSING", "has no name.");
    held.categories.set(id, category);
    return;
  }
  const file = text(value["file_name"]);
  if (file === undefined) return fail("FIELD_MISSING", "has no file_name.");
  if (held.ids.has(id)) return fail("FIELD_INVALID", `repeats the id ${id}.`);
  held.ids.add(id);
  held.images.push({ id, name: file, rest: imageOf(value) });
}

function imageOf(value: Json): Partial<Labelled> {
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
  return present<Partial<Labelled>>({
    image: width! > 0 && height! > 0 ? { width: width!, height: height! } : undefined,
    source: text(value["source"]),
    annotator: text(value["annotator"]),
    labelledAt: text(value["labelled_at"]),
    confidence: number(value["confidence"]),
    extra,
  });
}

/** The box, or what is wrong with it. */
function boxOf(value: Json, categories: ReadonlyMap<number, string>): Box | string {
  const name = categories.get(number(value["category_id"]) ?? Number.NaN);
  if (name === undefined)
    return `an annotation has the category ${String(value["category_id"])}, which is not listed.`;
  const sides = Array.isArray(value["bbox"]) ? value["bbox"].map(side) : [];
  if (sides.length !== 4 || sides.includes(undefined))
    return "an annotation's bbox is not four numbers that a box can have.";
  const [x, y, width, height] = sides as [number, number, number, number];
  const usual = [
    ...(value["iscrowd"] === 0 ? ["iscrowd"] : []),
    ...(value["area"] === width * height ? ["area"] : []),
  ];
  const extra = without(value, "image_id", "category_id", "bbox", "score", ...usual);
  return present<Box>({ class: name, x, y, width, height, confidence: number(value["score"]), extra });
}

class TooLarge extends JsonBroken {}

async function* upTo(bytes: AsyncIterable<Uint8Array>, limit: number) {
  let read = 0;
  for await (const piece of bytes) {
    read += piece.byteLength;
    if (read > limit) throw new TooLarge(`It holds more than ${limit} bytes.`);
    yield piece;
  }
}
