import { isObject, type Json, without } from "./json.ts";
import { type Sample, withoutUndefined } from "./sample.ts";
import { LABEL_ATTRIBUTE, SLUICE_FIELD } from "./manifest-read.ts";

interface Context {
  classes: readonly string[];
  base: string;
}

export function writeLine(item: Sample, { classes, base }: Context): Json {
  const { attribute, metadata, ...others } = item.extra ?? {};
  const label = typeof attribute === "string" ? attribute : LABEL_ATTRIBUTE;
  const id = (className: string) => classes.indexOf(className);
  const common = withoutUndefined({
    "job-name": item.source,
    "human-annotated": "yes",
    "creation-date": item.labelledAt,
    ...(isObject(metadata) ? metadata : {}),
  });
  const line: Json = item.file === undefined ? { source: item.text } : { "source-ref": base + item.file };
  Object.assign(line, others);
  const own = withoutUndefined({
    annotator: item.annotator,
    image: item.boxes ? undefined : item.image,
    confidence: item.label === undefined ? item.confidence : undefined,
  });
  if (Object.keys(own).length > 0) line[SLUICE_FIELD] = own;
  if (item.label !== undefined) {
    line[label] = id(item.label);
    const type = `groundtruth/${item.file === undefined ? "text" : "image"}-classification`;
    line[`${label}-metadata`] = withoutUndefined({
      "class-name": item.label,
      confidence: item.confidence,
      type,
      ...common,
    });
  } else if (item.boxes) {
    const used = classes.flatMap((one, index) =>
      item.boxes!.some((box) => box.class === one) ? [[String(index), one]] : [],
    );
    line[label] = {
      image_size: item.image ? [{ ...item.image, depth: 3 }] : [],
      annotations: item.boxes.map((box) => ({
        class_id: id(box.class),
        left: box.x,
        top: box.y,
        width: box.width,
        height: box.height,
        ...box.extra,
      })),
    };
    line[`${label}-metadata`] = {
      objects: item.boxes.map(({ confidence }) => withoutUndefined({ confidence })),
      "class-map": Object.fromEntries(used) as Json,
      type: "groundtruth/object-detection",
      ...common,
    };
  } else if (isObject(metadata)) line[`${label}-metadata`] = without(metadata) ?? {};
  return line;
}
