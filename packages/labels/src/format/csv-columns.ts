// Maps CSV column names, as tools and people write them, to their meaning.

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
  /** The index of each known column. The first one if two have the same meaning. */
  at: Partial<Record<Column, number>>;
  /** The other columns. */
  others: Array<{ name: string; at: number }>;
  box: "corners" | "size" | undefined;
}

/** `undefined` for a header without an item (file or text), or without a label (class or box). */
export function columnsOf(header: readonly string[]): Columns | undefined {
  const at: Columns["at"] = {};
  const others: Columns["others"] = [];
  for (const [index, title] of header.entries()) {
    const column = BY_NAME.get(title.toLowerCase().replace(/[^a-z0-9]/g, ""));
    if (column !== undefined && at[column] === undefined) at[column] = index;
    else others.push({ name: title, at: index });
  }
  // `width` and `height` are of the box with `x` and `y`, of the image with corners.
  const corners = has(at, "left", "top", "right", "bottom");
  at.x ??= corners ? undefined : at.left;
  at.y ??= corners ? undefined : at.top;
  const hasSize = !corners && has(at, "x", "y");
  if (hasSize) {
    at.boxWidth ??= at.width;
    at.boxHeight ??= at.height;
  } else {
    at.imageWidth ??= at.width;
    at.imageHeight ??= at.height;
  }
  const box = corners ? "corners" : hasSize && has(at, "boxWidth", "boxHeight") ? "size" : undefined;
  const hasItem = at.file !== undefined || at.text !== undefined;
  const hasLabel = at.label !== undefined || box !== undefined;
  return hasItem && hasLabel ? { at, others, box } : undefined;
}

/** Whether the name has a meaning. An extra field cannot use it as a column. */
export const isReserved = (name: string) => BY_NAME.has(name.toLowerCase().replace(/[^a-z0-9]/g, ""));

const has = (at: Columns["at"], ...columns: Column[]) => columns.every((column) => at[column] !== undefined);
