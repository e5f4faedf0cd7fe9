import { LabelError } from "../error.ts";
import { isObject, type Json } from "./json.ts";
import { type Box, type Sample, withoutUndefined } from "./sample.ts";
import { basename, directory } from "./path.ts";
import { buildXml, isXml, isXmlName, FORBIDDEN_CHARACTER } from "./xml.ts";

/** Elements of the format. Extra fields cannot use their names. */
const ANNOTATION_ELEMENTS = new Set([
  "folder",
  "filename",
  "path",
  "size",
  "object",
  "annotator",
  "labelledAt",
  "confidence",
  "extra",
]);
const OBJECT_ELEMENTS = new Set(["name", "bndbox", "confidence", "extra"]);

export function writeAnnotation(item: Sample & { file: string; boxes: Box[] }): string {
  const { source, ...others } = item.extra ?? {};
  const extra = divideExtra(
    isObject(source) && isXml(source) ? others : (item.extra ?? {}),
    ANNOTATION_ELEMENTS,
  );
  const annotation = withoutUndefined({
    folder: directory(item.file).slice(0, -1) || undefined,
    filename: basename(item.file),
    path: item.file,
    source:
      item.source !== undefined || isObject(source)
        ? withoutUndefined({ database: item.source, ...(isObject(source) && isXml(source) ? source : {}) })
        : undefined,
    size: item.image && { width: item.image.width, height: item.image.height, depth: 3 },
    annotator: item.annotator,
    labelledAt: item.labelledAt,
    confidence: item.confidence,
    ...extra.elements,
    extra: extra.json,
    object: item.boxes.map(objectOf),
  });
  const written = buildXml({ annotation });
  if (FORBIDDEN_CHARACTER.test(written))
    throw new LabelError(
      "FORMAT_CANNOT_HOLD",
      `${item.file} or its labels contain characters that XML cannot hold.`,
    );
  return written;
}

function objectOf(box: Box): Json {
  const extra = divideExtra(box.extra ?? {}, OBJECT_ELEMENTS);
  return withoutUndefined({
    name: box.class,
    ...extra.elements,
    bndbox: { xmin: box.x, ymin: box.y, xmax: sum(box.x, box.width), ymax: sum(box.y, box.height) },
    confidence: box.confidence,
    extra: extra.json,
  });
}

/** Extra fields become elements. Fields that no element can hold become JSON. */
function divideExtra(extra: Json, taken: ReadonlySet<string>): { elements: Json; json: string | undefined } {
  const fits = ([name, value]: [string, unknown]) => isXmlName(name) && !taken.has(name) && isXml(value);
  const rest = Object.entries(extra).filter((entry) => !fits(entry));
  return {
    elements: Object.fromEntries(Object.entries(extra).filter(fits)),
    json: rest.length > 0 ? JSON.stringify(Object.fromEntries(rest)) : undefined,
  };
}

const sum = (a: number, b: number) => Math.round((a + b) * 1e6) / 1e6;
