import type { Collection } from "./collection.ts";
import { isObject, type Json, number, parseObject, side, text, without } from "./json.ts";
import { type Box, type Sample, withoutUndefined } from "./sample.ts";
import { safePath } from "./path.ts";
import { type Problem, createProblem } from "./problem.ts";
import { list, parseXml } from "./xml.ts";

interface AnnotationContext {
  path: string;
  collection: Collection;
  folders: readonly string[] | undefined;
  /** The folder of the annotation. */
  near: string;
}

export async function readAnnotation(
  written: string,
  where: AnnotationContext,
): Promise<Array<Sample | Problem>> {
  const document = parseXml(written);
  const at = { file: where.path };
  if ("wrong" in document)
    return [
      createProblem(
        "LABELS_UNREADABLE",
        { ...at, line: number(document["line"]) },
        String(document["wrong"]),
      ),
    ];
  const annotation = document["annotation"];
  if (!isObject(annotation)) return [];
  const file = await imagePathOf(annotation, where);
  if (file === undefined)
    return [createProblem("FIELD_MISSING", at, "The annotation has no <filename> inside the dataset.")];
  const problems: Problem[] = [];
  const boxes: Box[] = [];
  for (const [index, object] of list(annotation["object"]).entries()) {
    const box = boxOf(object);
    if (typeof box === "string")
      problems.push(createProblem("FIELD_INVALID", at, `Object ${index + 1}: ${box}`));
    else boxes.push(box);
  }
  const size = isObject(annotation["size"]) ? annotation["size"] : {};
  const [width, height] = [number(size["width"]), number(size["height"])];
  const source = isObject(annotation["source"]) ? annotation["source"] : {};
  const rest = without(annotation, "folder", "filename", "path", "size", "object", "source", ...OWN, "extra");
  const sourceRest = without(source, "database");
  const extra = {
    ...rest,
    ...(sourceRest && { source: sourceRest }),
    ...parseObject(text(annotation["extra"]) ?? ""),
  };
  const item = withoutUndefined<Sample>({
    file,
    boxes,
    image: width! > 0 && height! > 0 ? { width: width!, height: height! } : undefined,
    source: text(source["database"]),
    annotator: text(annotation["annotator"]),
    labelledAt: text(annotation["labelledAt"]),
    confidence: number(annotation["confidence"]),
    extra: Object.keys(extra).length > 0 ? extra : undefined,
    at,
  });
  return [...problems, item];
}

const OWN = ["annotator", "labelledAt", "confidence"];

/** The stated path, or beside the annotation, or in VOC's own folders. */
async function imagePathOf(
  annotation: Json,
  { collection, near, folders = [] }: AnnotationContext,
): Promise<string | undefined> {
  const name = text(annotation["filename"]);
  const folder = text(annotation["folder"]);
  // An absolute path is of another machine.
  const path = safePath(text(annotation["path"]) ?? "");
  const above = near.replace(/(^|\/)Annotations\/.*$/, "$1");
  const below = path === undefined ? [] : folders.map((one) => one + path);
  const candidates = [
    path,
    ...below,
    ...(name === undefined
      ? []
      : [
          folder && `${above}${folder}/${name}`,
          near + name,
          `${above}JPEGImages/${name}`,
          `${above}images/${name}`,
          name,
          ...folders.map((one) => one + name),
        ]),
  ]
    .map((one) => (one ? safePath(one) : undefined))
    .filter((one) => one !== undefined);
  for (const candidate of new Set(candidates)) if (await collection.has(candidate)) return candidate;
  // An image that is not uploaded yet is expected in the first folder.
  return below[0] ?? candidates[0];
}

/** The object's box, or a message about its error. */
function boxOf(object: unknown): Box | string {
  if (!isObject(object)) return "it is empty.";
  const name = text(object["name"]);
  if (name === undefined) return "it has no <name>.";
  const bounds = isObject(object["bndbox"]) ? object["bndbox"] : {};
  const sides = ["xmin", "ymin", "xmax", "ymax"].map((name) => side(bounds[name]));
  const wrong = sides.indexOf(undefined);
  if (wrong >= 0) return `${["xmin", "ymin", "xmax", "ymax"][wrong]} is not a number.`;
  const [x, y, right, bottom] = sides as [number, number, number, number];
  const extra = {
    ...without(object, "name", "bndbox", "confidence", "extra"),
    ...parseObject(text(object["extra"]) ?? ""),
  };
  return withoutUndefined<Box>({
    class: name,
    x,
    y,
    width: difference(right, x),
    height: difference(bottom, y),
    confidence: number(object["confidence"]),
    extra: Object.keys(extra).length > 0 ? extra : undefined,
  });
}

/** Rounds the error of floating point subtraction. */
export const difference = (to: number, from: number) => Math.round((to - from) * 1e6) / 1e6;
