import * as z from "zod";
import { type Json, isObject, number, parseObject, side, text, without } from "./json.ts";
import { type Box, Sample, withoutUndefined, type Split } from "./sample.ts";
import type { FileLocator } from "./file-locator.ts";
import { type Problem, createProblem, type ProblemCode } from "./problem.ts";

const METADATA = "-metadata";
/** The field for everything that Ground Truth has no field for. */
export const SLUICE_FIELD = "sluice";
export const LABEL_ATTRIBUTE = "label";

const SluiceFields = z.object(Sample.shape).pick({ annotator: true, image: true, confidence: true });

interface LineContext {
  at: { file: string; line: number };
  locate: FileLocator;
  classes: readonly string[];
  split: Split | undefined;
}

class LineProblem extends Error {
  readonly code: ProblemCode;
  constructor(code: ProblemCode, message: string) {
    super(message);
    this.code = code;
  }
}

export async function* readLine(written: string, where: LineContext): AsyncGenerator<Sample | Problem> {
  const { at, locate, classes, split } = where;
  try {
    const value = parseObject(written);
    if (!value) throw new LineProblem("LINE_BROKEN", "The line is not a JSON object.");
    const reference = text(value["source-ref"]);
    const source = value["source"];
    if (reference === undefined && typeof source !== "string")
      throw new LineProblem("FIELD_MISSING", 'The line has neither "source-ref" nor "source".');
    const file = reference === undefined ? undefined : await locate(reference);
    if (reference !== undefined && file === undefined)
      throw new LineProblem("PATH_UNSAFE", `"${reference}" points outside the dataset.`);

    const attribute = attributeOf(value);
    const metadata = attribute ? (value[attribute + METADATA] as Json) : {};
    const failure = text(metadata["failure-reason"]);
    const subject = { file, text: file === undefined ? (source as string) : undefined };
    if (failure)
      yield createProblem("LABELLING_FAILED", at, `${file ?? "The text"} was not labeled: ${failure}`);
    const label = attribute && !failure ? labelOf(value[attribute], metadata, classes) : {};
    const own = SluiceFields.safeParse(value[SLUICE_FIELD]).data ?? {};
    const known = attribute ? [attribute + METADATA, ...(failure ? [] : [attribute])] : [];
    const extra = {
      ...without(value, "source-ref", "source", SLUICE_FIELD, ...known),
      ...(attribute && attribute !== LABEL_ATTRIBUTE && { attribute }),
      ...restOf(metadata, failure !== undefined),
    };
    const created = text(metadata["creation-date"]);
    yield withoutUndefined<Sample>({
      ...subject,
      ...label,
      ...own,
      split,
      source: text(metadata["job-name"]),
      // AWS writes UTC without a time zone.
      labelledAt: created && (/(Z|[+-]\d\d:?\d\d)$/.test(created) ? created : `${created}Z`),
      extra: Object.keys(extra).length > 0 ? extra : undefined,
      at,
    });
  } catch (error) {
    if (!(error instanceof LineProblem)) throw error;
    yield createProblem(error.code, at, error.message);
  }
}

/** The label attribute. Chained jobs append theirs, so the last one counts. */
function attributeOf(value: Json): string | undefined {
  const names = Object.keys(value).filter((name) => name.endsWith(METADATA) && isObject(value[name]));
  return names.at(-1)?.slice(0, -METADATA.length);
}

function labelOf(value: unknown, metadata: Json, classes: readonly string[]): Partial<Sample> {
  const map = isObject(metadata["class-map"]) ? metadata["class-map"] : {};
  const className = (id: unknown) => text(map[String(id)]) ?? classes[number(id) ?? -1];
  if (Array.isArray(value))
    throw new LineProblem("LABEL_KIND_UNSUPPORTED", "The line has several classes for one file.");
  if (isObject(value) && Array.isArray(value["annotations"])) return boxesOf(value, metadata, className);
  if (typeof value !== "number" && typeof value !== "string")
    throw new LineProblem(
      "LABEL_KIND_UNSUPPORTED",
      `Labels of type ${String(metadata["type"])} are neither classes nor boxes.`,
    );
  // Built-in jobs write a number and a class name. Custom jobs may write the name only.
  const label =
    text(metadata["class-name"]) ??
    className(value) ??
    (number(value) === undefined ? text(value) : undefined);
  if (label === undefined) throw new LineProblem("REFERENCE_UNKNOWN", `Class number ${value} has no name.`);
  return { label, confidence: number(metadata["confidence"]) };
}

function boxesOf(
  value: Json,
  metadata: Json,
  className: (id: unknown) => string | undefined,
): Partial<Sample> {
  const [size] = Array.isArray(value["image_size"]) ? (value["image_size"] as unknown[]) : [];
  const [width, height] = isObject(size) ? [number(size["width"]), number(size["height"])] : [];
  const objects = Array.isArray(metadata["objects"]) ? (metadata["objects"] as unknown[]) : [];
  const boxes = (value["annotations"] as unknown[]).map((one, index): Box => {
    if (!isObject(one)) throw new LineProblem("FIELD_INVALID", `Box ${index + 1} is not an object.`);
    const [x, y, w, h] = ["left", "top", "width", "height"].map((name) => {
      const found = side(one[name]);
      if (found === undefined)
        throw new LineProblem("FIELD_INVALID", `Box ${index + 1}: ${name} is not a number.`);
      return found;
    }) as [number, number, number, number];
    const name = className(one["class_id"]);
    if (name === undefined)
      throw new LineProblem(
        "REFERENCE_UNKNOWN",
        `Box ${index + 1} has class number ${String(one["class_id"])}, which has no name.`,
      );
    const object = isObject(objects[index]) ? objects[index] : {};
    const confidence = number(object["confidence"]);
    const extra = {
      ...without(one, "class_id", "left", "top", "width", "height"),
      ...without(object, "confidence"),
    };
    return withoutUndefined<Box>({
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

/** Metadata that has no own field. The writer restores it. */
function restOf(metadata: Json, failed: boolean): Json {
  const known = ["class-name", "confidence", "class-map", "objects", "job-name", "creation-date"];
  const defaults = new Map([
    ["type", /^groundtruth\/(image|text)-classification$|^groundtruth\/object-detection$/],
    ["human-annotated", /^yes$/],
  ]);
  const rest = Object.entries(metadata).filter(
    ([name, value]) => failed || (!known.includes(name) && !defaults.get(name)?.test(String(value))),
  );
  return rest.length > 0 ? { metadata: Object.fromEntries(rest) } : {};
}
