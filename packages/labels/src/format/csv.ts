import { formatCsvLine } from "./csv-text.ts";
import { isReserved } from "./csv-columns.ts";
import { findTables, readTable } from "./csv-read.ts";
import type { Format, WrittenPart } from "./format.ts";
import type { Box, Sample } from "./sample.ts";
import { formatHints } from "./format-hints.ts";
import { type LabelSummary, summarizeLabels } from "./label-summary.ts";

const PATH = "labels.csv";

interface Column {
  title: string;
  value(item: Sample, box: Box | undefined): string | number | undefined;
}

export const csv: Format = {
  name: "csv",
  title: "CSV",
  tasks: ["image-classification", "object-detection", "text-classification"],
  expects: "a .csv or .tsv whose header names a file or text column, and a class or box columns",
  detect: async (hints) => (await findTables(hints)).length > 0,
  async *read(collection, context) {
    const hints = await formatHints(collection);
    for (const path of await findTables(hints)) yield* readTable(collection, path, hints.head(path), context);
  },
  async *write(items, { classes }): AsyncIterable<WrittenPart> {
    const columns = columnsOf(await summarizeLabels(items, classes));
    yield { path: PATH, text: formatCsvLine(columns.map(({ title }) => title)) };
    for await (const item of items()) {
      for (const box of item.boxes?.length ? item.boxes : [undefined]) {
        const cells = columns.map(({ value }) => String(value(item, box) ?? ""));
        yield { path: PATH, text: formatCsvLine(cells) };
      }
      if (item.file !== undefined) yield { path: item.file, copyOf: item.file };
    }
  },
};

function columnsOf({ fields, boxFields, boxed, plainExtras, richExtras }: LabelSummary): Column[] {
  const columns: Column[] = [];
  const addIf = (condition: boolean, title: string, value: Column["value"]) => {
    if (condition) columns.push({ title, value });
  };
  addIf(fields.has("file"), "file", (item) => item.file);
  addIf(fields.has("text"), "text", (item) => item.text);
  columns.push({ title: "class", value: (item, box) => box?.class ?? item.label });
  for (const side of ["x", "y", "width", "height"] as const)
    addIf(boxed > 0, side, (_item, box) => box?.[side]);
  // 0 marks an image without objects. An image without a label has no value.
  addIf(boxed > 0, "boxes", (item) => item.boxes?.length);
  addIf(boxFields.has("confidence"), "box_confidence", (_item, box) => box?.confidence);
  addIf(boxFields.has("extra"), "box_extra", (_item, box) => box?.extra && JSON.stringify(box.extra));
  addIf(fields.has("image"), "image_width", (item) => item.image?.width);
  addIf(fields.has("image"), "image_height", (item) => item.image?.height);
  addIf(fields.has("split"), "split", (item) => item.split);
  addIf(fields.has("confidence"), "confidence", (item) => item.confidence);
  addIf(fields.has("source"), "source", (item) => item.source);
  addIf(fields.has("annotator"), "annotator", (item) => item.annotator);
  addIf(fields.has("labelledAt"), "labelled_at", (item) => item.labelledAt);
  const extraColumns = plainExtras.filter((name) => !isReserved(name) && name === name.trim() && name !== "");
  for (const name of extraColumns)
    columns.push({ title: name, value: (item) => item.extra?.[name] as string });
  const otherExtras = (item: Sample) =>
    Object.entries(item.extra ?? {}).filter(([name]) => !extraColumns.includes(name));
  addIf(richExtras || extraColumns.length < plainExtras.length, "extra", (item) => {
    const others = otherExtras(item);
    return others.length > 0 ? JSON.stringify(Object.fromEntries(others)) : undefined;
  });
  return columns;
}
