import { csvLine } from "./csv-text.ts";
import { isReserved } from "./csv-columns.ts";
import { labelTables, readTable } from "./csv-read.ts";
import type { Format, Written } from "./format.ts";
import type { Box, Labelled } from "./labelled.ts";
import { sketch } from "./sketch.ts";
import { type Survey, survey } from "./survey.ts";

const PATH = "labels.csv";

interface Column {
  title: string;
  value(item: Labelled, box: Box | undefined): string | number | undefined;
}

export const csv: Format = {
  name: "csv",
  title: "CSV",
  tasks: ["image-classification", "object-detection", "text-classification"],
  looksFor: "a .csv or .tsv whose header names a file or text column, and a class or box columns",
  detect: async (seen) => (await labelTables(seen)).length > 0,
  async *read(collection, context) {
    const seen = await sketch(collection);
    for (const path of await labelTables(seen)) yield* readTable(collection, path, seen.head(path), context);
  },
  async *write(items, { classes }): AsyncIterable<Written> {
    const columns = columnsFor(await survey(items, classes));
    yield { path: PATH, text: csvLine(columns.map(({ title }) => title)) };
    for await (const item of items()) {
      for (const box of item.boxes?.length ? item.boxes : [undefined]) {
        const cells = columns.map(({ value }) => String(value(item, box) ?? ""));
        yield { path: PATH, text: csvLine(cells) };
      }
      if (item.file !== undefined) yield { path: item.file, copyOf: item.file };
    }
  },
};

function columnsFor({ fields, boxFields, boxed, plainExtras, richExtras }: Survey): Column[] {
  const columns: Column[] = [];
  const when = (condition: boolean, title: string, value: Column["value"]) => {
    if (condition) columns.push({ title, value });
  };
  when(fields.has("file"), "file", (item) => item.file);
  when(fields.has("text"), "text", (item) => item.text);
  columns.push({ title: "class", value: (item, box) => box?.class ?? item.label });
  for (const side of ["x", "y", "width", "height"] as const)
    when(boxed > 0, side, (_item, box) => box?.[side]);
  // Tells a picture that holds nothing from one nobody looked at.
  when(boxed > 0, "boxes", (item) => item.boxes?.length);
  when(boxFields.has("confidence"), "box_confidence", (_item, box) => box?.confidence);
  when(boxFields.has("extra"), "box_extra", (_item, box) => box?.extra && JSON.stringify(box.extra));
  when(fields.has("image"), "image_width", (item) => item.image?.width);
  when(fields.has("image"), "image_height", (item) => item.image?.height);
  when(fields.has("split"), "split", (item) => item.split);
  when(fields.has("confidence"), "confidence", (item) => item.confidence);
  when(fields.has("source"), "source", (item) => item.source);
  when(fields.has("annotator"), "annotator", (item) => item.annotator);
  when(fields.has("labelledAt"), "labelled_at", (item) => item.labelledAt);
  const own = plainExtras.filter((name) => !isReserved(name) && name === name.trim() && name !== "");
  for (const name of own) columns.push({ title: name, value: (item) => item.extra?.[name] as string });
  const rest = (item: Labelled) => Object.entries(item.extra ?? {}).filter(([name]) => !own.includes(name));
  when(richExtras || own.length < plainExtras.length, "extra", (item) => {
    const left = rest(item);
    return left.length > 0 ? JSON.stringify(Object.fromEntries(left)) : undefined;
  });
  return columns;
}
