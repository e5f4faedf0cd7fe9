import { LabelError } from "../error.ts";
import { isObject, type Json } from "./json.ts";
import { type Box, type Labelled, present } from "./labelled.ts";
import { basename, directory } from "./path.ts";
import { buildXml, isXml, isXmlName, UNHOLDABLE } from "./xml.ts";

/** What stands in an annotation by its own right, and so cannot be an extra element. */
const TAKEN = new Set([
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
const TAKEN_IN_OBJECT = new Set(["name", "bndbox", "confidence", "extra"]);

export function writeAnnotation(item: Labelled & { file: string; boxes: Box[] }): string {
  const { source, ...others } = item.extra ?? {};
  const extra = divide(isObject(source) && isXml(source) ? others : (item.extra ?? {}), TAKEN);
  const annotation = present({
    folder: directory(item.file).slice(0, -1) || undefined,
    filename: basename(item.file),
    path: item.file,
    source:
      item.source !== undefined || isObject(source)
        ? present({ database: item.source, ...(isObject(source) && isXml(source) ? source : {}) })
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
  if (UNHOLDABLE.test(written))
    throw new LabelError("FORMAT_CANNOT_HOLD", `${item.file} or its labels hold characters that XML cannot.`);
  return written;
}

function objectOf(box: Box): Json {
  const extra = divide(box.extra ?? {}, TAKEN_IN_OBJECT);
  return present({
    name: box.class,
    ...extra.elements,
    bndbox: { xmin: box.x, ymin: box.y, xmax: sum(box.x, box.width), ymax: sum(box.y, box.height) },
    confidence: box.confidence,
    extra: extra.json,
  });
}

/** What came from elements becomes elements again; what no element can hold stands as JSON. */
function divide(extra: Json, taken: ReadonlySet<string>): { elements: Json; json: string | undefined } {
  const fits = ([name, value]: [string, unknown]) => isXmlName(name) && !taken.has(name) && isXml(value);
  const rest = Object.entries(extra).filter((entry) => !fits(entry));
  return {
    elements: Object.fromEntries(Object.entries(extra).filter(fits)),
    json: rest.length > 0 ? JSON.stringify(Object.fromEntries(rest)) : undefined,
  };
}

const sum = (a: number, b: number) => Math.round((a + b) * 1e6) / 1e6;
