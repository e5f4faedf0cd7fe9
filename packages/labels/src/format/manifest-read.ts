import * as z from "zod";
import { type Json, isObject, number, parseObject, side, text, without } from "./json.ts";
import { type Box, Labelled, present, type Split } from "./labelled.ts";
import type { Locator } from "./locate.ts";
import { type Problem, problem, type ProblemCode } from "./problem.ts";

const METADATA = "-metadata";
/** What the format has no place for stands in a field of this name. */
export const OWN = "sluice";
export const ATTRIBUTE = "label";

const Own = z.object(Labelled.shape).pick({ annotator: true, image: true, confidence: true });

interface Where {
  at: { file: string; line: number };
  locate: Locator;
  classes: readonly string[];
  split: Split | undefined;
}

class Unfit extends Error {
  readonly code: ProblemCode;
  constructor(code: ProblemCode, message: string) {
    super(message);
    this.code = code;
  }
}

export async function* readLine(written: string, where: Where): AsyncGenerator<Labelled | Problem> {
  const { at, locate, classes, split } = where;
  try {
    const value = parseObject(written);
    if (!value) throw new Unfit("LINE_BROKEN", "The line is no JSON object.");
    const reference = text(value["source-ref"]);
    const source = value["source"];
    if (reference === undefined && typeof source !== "string")
      throw new Unfit("FIELD_MISSING", 'The line has neither "source-ref" nor "source".');
    const file = reference === undefined ? undefined : await locate(reference);
    if (reference !== undefined && file === undefined)
      throw new Unfit("PATH_UNSAFE", `"${reference}" points outside the dataset.`);

    const attribute = attributeOf(value);
    const metadata = attribute ? (value[attribute + METADATA] as Json) : {};
    const failure = text(metadata["failure-reason"]);
    const subject = { file, text: file === undefined ? (source as string) : undefined };
    if (failure) yield problem("LABELLING_FAILED", at, `${file ?? "The text"} was not labelled: ${failure}`);
    const said = attribute && !failure ? labelOf(value[attribute], metadata, classes) : {};
    const own = Own.safeParse(value[OWN]).data ?? {};
    const taken = attribute ? [attribute + METADATA, ...(failure ? [] : [attribute])] : [];
    const extra = {
      ...without(value, "source-ref", "source", OWN, ...taken),
      ...(attribute && attribute !== ATTRIBUTE && { attribute }),
      ...restOf(metadata, failure !== undefined),
    };
    const created = text(metadata["creation-date"]);
    yield present<Labelled>({
      ...subject,
      ...said,
      ...own,
      split,
      source: text(metadata["job-name"]),
      // AWS writes UTC without saying so.
      labelledAt: created && (/(Z|[+-]\d\d:?\d\d)$/.test(created) ? created : `${created}Z`),
      extra: Object.keys(extra).length > 0 ? extra : undefined,
      at,
    });
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    yield problem(error.code, at, error.message);
  }
}

/** The label's name. Chained jobs add theirs behind: the last one counts. */
function attributeOf(value: Json): string | undefined {
  const names = Object.keys(value).filter((name) => name.endsWith(METADATA) && isObject(value[name]));
  return names.at(-1)?.slice(0, -METADATA.length);
}

function labelOf(value: unknown, metadata: Json, classes: readonly string[]): Partial<Labelled> {
  const map = isObject(metadata["class-map"]) ? metadata["class-map"] : {};
  const className = (id: unknown) => text(map[String(id)]) ?? classes[number(id) ?? -1];
  if (Array.isArray(value))
    throw new Unfit("LABEL_KIND_UNSUPPORTED", "The line gives several classes to one file.");
  if (isObject(value) && Array.isArray(value["annotations"])) return boxesOf(value, metadata, className);
  if (typeof value !== "number" && typeof value !== "string")
    throw new Unfit(
      "LABEL_KIND_UNSUPPORTED",
      `A label of the type ${String(metadata["type"])} is neither a class nor boxes.`,
    );
  // Built-in jobs give the class a number and name it beside; custom ones may give the name itself.
  const label =
    text(metadata["class-name"]) ??
    className(value) ??
    (number(value) === undefined ? text(value) : undefined);
  if (label === undefined) throw new Unfit("REFERENCE_UNKNOWN", `The class number ${value} has no name.`);
  return { label, confidence: number(metadata["confidence"]) };
}

function boxesOf(
  value: Json,
  metadata: Json,
  className: (id: unknown) => string | undefined,
): Partial<Labelled> {
  const [size] = Array.isArray(value["image_size"]) ? (value["image_size"] as unknown[]) : [];
  const [width, height] = isObject(size) ? [number(size["width"]), number(size["height"])] : [];
  const objects = Array.isArray(metadata["objects"]) ? (metadata["objects"] as unknown[]) : [];
  const boxes = (value["annotations"] as unknown[]).map((one, index): Box => {
    if (!isObject(one)) throw new Unfit("FIELD_INVALID", `Box ${index + 1} is no object.`);
    const [x, y, w, h] = ["left", "top", "width", "height"].map((name) => {
      const found = side(one[name]);
      if (found === undefined)
        throw new Unfit("FIELD_INVALID", `Box ${index + 1} has no number as its ${name}.`);
      return found;
    }) as [number, number, number, number];
    const name = className(one["class_id"]);
    if (name === undefined)
      throw new Unfit(
        "REFERENCE_UNKNOWN",
        `Box ${index + 1} is of the class number ${String(one["class_id"])}, which has no name.`,
      );
    const object = isObject(objects[index]) ? objects[index] : {};
    const confidence = number(object["confidence"]);
    const extra = {
      ...without(one, "class_id", "left", "top", "width", "height"),
      ...without(object, "confidence"),
    };
    return present<Box>({
      class: name,
      x,
      y,
      width: w,
      height: h,
      confidence,
      extra: Object.keys(extra).length > 0 ? extra : undefined,
    });
  });
  return { boxes, image: width! > 0 && height! > 0 ? { width: width!, height: height! } : undefined };
}

/** What no field of a label says, under the name that puts it back. */
function restOf(metadata: Json, failed: boolean): Json {
  const said = ["class-name", "confidence", "class-map", "objects", "job-name", "creation-date"];
  const usual = new Map([
    ["type", /^groundtruth\/(image|text)-classification$|^groundtruth\/object-detection$/],
    ["human-annotated", /^yes$/],
  ]);
  const rest = Object.entries(metadata).filter(
    ([name, value]) => failed || (!said.includes(name) && !usual.get(name)?.test(String(value))),
  );
  return rest.length > 0 ? { metadata: Object.fromEntries(rest) } : {};
}
