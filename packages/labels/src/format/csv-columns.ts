// What a CSV's columns mean, by the names that tools and people give them.

const NAMES = {
  file: "file filename filepath image imagepath imagefile imagename img key path name uri url sourceref",
  label: "label class classname category labelname target",
  text: "text sentence content document message body",
  split: "split set subset usage partition",
  source: "source",
  annotator: "annotator labeller labeler worker annotatedby labelledby labeledby",
  labelledAt: "labelledat labeledat annotatedat labeltime timestamp",
  confidence: "confidence score",
  boxes: "boxes boxcount",
  boxConfidence: "boxconfidence boxscore",
  boxExtra: "boxextra",
  extra: "extra",
  left: "xmin x1 left bboxx1 x0",
  top: "ymin y1 top bboxy1 y0",
  right: "xmax x2 right bboxx2",
  bottom: "ymax y2 bottom bboxy2",
  x: "x bboxx boxx",
  y: "y bboxy boxy",
  boxWidth: "w boxwidth bboxwidth bboxw",
  boxHeight: "h boxheight bboxheight bboxh",
  width: "width",
  height: "height",
  imageWidth: "imagewidth imgwidth",
  imageHeight: "imageheight imgheight",
};
export type Column = keyof typeof NAMES;

const BY_NAME = new Map(
  (Object.keys(NAMES) as Column[]).flatMap((column) =>
    NAMES[column].split(" ").map((name) => [name, column]),
  ),
);

export interface Columns {
  /** The place of each known column; the first where two say the same. */
  at: Partial<Record<Column, number>>;
  /** Columns of another meaning, by their own names. */
  others: Array<{ name: string; at: number }>;
  box: "corners" | "size" | undefined;
}

/** Undefined for a header that names neither what is labelled nor how. */
export function columnsOf(header: readonly string[]): Columns | undefined {
  const at: Columns["at"] = {};
  const others: Columns["others"] = [];
  for (const [index, title] of header.entries()) {
    const column = BY_NAME.get(title.toLowerCase().replace(/[^a-z0-9]/g, ""));
    if (column !== undefined && at[column] === undefined) at[column] = index;
    else others.push({ name: title, at: index });
  }
  // `width` and `height` are the box's beside `x` and `y`, the picture's beside corners.
  const corners = has(at, "left", "top", "right", "bottom");
  at.x ??= corners ? undefined : at.left;
  at.y ??= corners ? undefined : at.top;
  const sized = !corners && has(at, "x", "y");
  if (sized) {
    at.boxWidth ??= at.width;
    at.boxHeight ??= at.height;
  } else {
    at.imageWidth ??= at.width;
    at.imageHeight ??= at.height;
  }
  const box = corners ? "corners" : sized && has(at, "boxWidth", "boxHeight") ? "size" : undefined;
  const what = at.file !== undefined || at.text !== undefined;
  const how = at.label !== undefined || box !== undefined;
  return what && how ? { at, others, box } : undefined;
}

/** Names that would be taken for something else when read again. */
export const isReserved = (name: string) => BY_NAME.has(name.toLowerCase().replace(/[^a-z0-9]/g, ""));

const has = (at: Columns["at"], ...columns: Column[]) => columns.every((column) => at[column] !== undefined);
