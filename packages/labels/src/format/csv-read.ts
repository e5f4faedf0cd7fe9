// Reads CSV and TSV with a header: a class for each file or text, or a row for each box.
import type { Collection } from "./collection.ts";
import { type Columns, columnsOf } from "./csv-columns.ts";
import { detectDelimiter, type Row, readRows } from "./csv-text.ts";
import type { ReadContext } from "./format.ts";
import { type Json, parseObject } from "./json.ts";
import { keySet } from "./key-set.ts";
import { type Box, isStorableNumber, type Sample, withoutUndefined } from "./sample.ts";
import { type FileLocator, fileLocator } from "./file-locator.ts";
import { directory, extension } from "./path.ts";
import { type Problem, createProblem } from "./problem.ts";
import { READABLE_IMAGE, type FormatHints } from "./format-hints.ts";
import { SAVE_AS_UTF8 } from "./utf8.ts";
import { splitNamed, splitOfLabelFile } from "./split.ts";

/** CSV files whose header is that of a label file. */
export async function findTables(hints: FormatHints): Promise<string[]> {
  const found: string[] = [];
  for (const path of [...(hints.extensions.get("csv") ?? []), ...(hints.extensions.get("tsv") ?? [])])
    if ((await readHeader(hints.head(path), path)).columns) found.push(path);
  return found;
}

/** A JavaScript object cannot have this field. */
const FORBIDDEN_COLUMN = "__proto__";

interface TableHeader {
  delimiter: string;
  columns: Columns | undefined;
  /** The first row is a label. */
  headless: boolean;
}

async function readHeader(head: Promise<string>, path: string): Promise<TableHeader> {
  const first = (await head).replace(/^\uFEFF/, "").split(/\r\n|\n|\r/)[0] ?? "";
  const delimiter = extension(path) === "tsv" ? "\t" : detectDelimiter(first);
  let header: Row | undefined;
  for await (const row of readRows(streamOf(first), delimiter)) header ??= row;
  const columns = header && columnsOf(header.cells);
  if (columns || header?.cells.length !== 2 || !READABLE_IMAGE.test(header.cells[0]!))
    return { delimiter, columns, headless: false };
  return { delimiter, columns: { at: { file: 0, label: 1 }, others: [], box: undefined }, headless: true };
}

async function* streamOf(text: string) {
  yield Buffer.from(text);
}

export async function* readTable(
  collection: Collection,
  path: string,
  head: Promise<string>,
  { folders }: ReadContext,
): AsyncGenerator<Sample | Problem> {
  const { delimiter, columns, headless } = await readHeader(head, path);
  if (!columns) return;
  const others = columns.others.filter(({ name }) => name !== FORBIDDEN_COLUMN);
  if (others.length < columns.others.length)
    yield createProblem(
      "FIELD_INVALID",
      { file: path, line: 1 },
      `The column "${FORBIDDEN_COLUMN}" cannot be imported.`,
      "Rename the column.",
    );
  const table = {
    path,
    columns: { ...columns, others },
    locate: fileLocator(collection, directory(path), folders),
  };
  const all = async function* () {
    const bytes = await collection.stream(path);
    if (!bytes) return;
    let labels = headless;
    for await (const row of readRows(bytes, delimiter)) {
      if (labels) yield row;
      labels = true;
    }
  };
  if (!columns.box) {
    for await (const row of all()) yield* readRow(row, table);
    return;
  }
  if (await areScattered(all(), columns)) yield* readScatteredRows(all(), table);
  else yield* readGroupedRows(all(), table);
}

interface Table {
  path: string;
  columns: Columns;
  locate: FileLocator;
}

async function* readRow(row: Row, table: Table): AsyncGenerator<Sample | Problem> {
  const read = await sampleOf(row, table);
  yield* read.problems;
  if (read.item) yield read.item;
}

/** Merges adjacent rows of an image, without holding the table in memory. */
async function* readGroupedRows(all: AsyncIterable<Row>, table: Table): AsyncGenerator<Sample | Problem> {
  let held: Sample | undefined;
  for await (const row of all) {
    const { item, problems } = await sampleOf(row, table);
    yield* problems;
    if (!item) continue;
    if (held && sameFile(held, item)) mergeBoxes(held, item);
    else {
      if (held) yield held;
      held = item;
    }
  }
  if (held) yield held;
}

/** Merges rows of an image anywhere in the table. Holds all rows in memory. */
async function* readScatteredRows(all: AsyncIterable<Row>, table: Table): AsyncGenerator<Sample | Problem> {
  const held = new Map<string, Sample>();
  for await (const row of all) {
    const { item, problems } = await sampleOf(row, table);
    yield* problems;
    if (!item) continue;
    const before = held.get(item.file!);
    if (before) mergeBoxes(before, item);
    else held.set(item.file!, item);
  }
  yield* held.values();
}

async function areScattered(all: AsyncIterable<Row>, { at }: Columns): Promise<boolean> {
  const seen = keySet();
  let last: string | undefined;
  for await (const { cells } of all) {
    const file = cells[at.file ?? -1] ?? "";
    if (file !== last && !seen.add(file)) return true;
    last = file;
  }
  return false;
}

const sameFile = (a: Sample, b: Sample) => a.file !== undefined && a.file === b.file;

function mergeBoxes(held: Sample, next: Sample) {
  if (held.boxes || next.boxes) held.boxes = [...(held.boxes ?? []), ...(next.boxes ?? [])];
}

async function sampleOf(row: Row, table: Table): Promise<{ item?: Sample; problems: Problem[] }> {
  const { path, columns } = table;
  const where = { file: path, line: row.line };
  const fail = (...[code, message, fix]: [Problem["code"], string, string?]) => ({
    problems: [createProblem(code, where, message, fix)],
  });
  if (row.fault)
    return fail(
      row.fault === "too long" ? "LINE_TOO_LONG" : "LINE_BROKEN",
      `The row cannot be read: ${row.fault}.`,
      row.fault === "not UTF-8" ? SAVE_AS_UTF8 : undefined,
    );
  const cell = (column: keyof Columns["at"]) => row.cells[columns.at[column] ?? -1] || undefined;

  const item: Sample = { at: where };
  const reference = cell("file");
  if (reference !== undefined) {
    item.file = await table.locate(reference);
    if (item.file === undefined) return fail("PATH_UNSAFE", `"${reference}" points outside the dataset.`);
  }
  const text = columns.at.text === undefined ? undefined : row.cells[columns.at.text];
  if (text !== undefined && (text !== "" || reference === undefined)) item.text = text;
  if (item.file === undefined && item.text === undefined)
    return fail("FIELD_MISSING", "The row has neither a file nor a text.");

  const number = (column: keyof Columns["at"]) =>
    cell(column) === undefined ? undefined : Number(cell(column));
  const split = cell("split");
  item.split = split === undefined ? splitOfLabelFile(path) : splitNamed(split);
  if (split !== undefined && !item.split)
    return fail("FIELD_INVALID", `"${split}" is not a split. Use train, validation or test.`);
  const [width, height] = [number("imageWidth"), number("imageHeight")];
  if (width! > 0 && height! > 0 && Number.isInteger(width) && Number.isInteger(height))
    item.image = { width: width!, height: height! };
  item.source = cell("source");
  item.annotator = cell("annotator");
  item.labelledAt = cell("labelledAt");
  item.confidence = number("confidence");
  if (item.confidence !== undefined && !isStorableNumber(item.confidence))
    return fail("FIELD_INVALID", `confidence "${cell("confidence")}" is not a valid number.`);
  const extra = [
    ...columns.others.flatMap(({ name, at }) => (row.cells[at] ? [[name, row.cells[at]]] : [])),
    ...Object.entries(parseExtra(cell("extra"), "extra")),
  ];
  if (extra.length > 0) item.extra = Object.fromEntries(extra) as Record<string, unknown>;

  if (!columns.box) item.label = cell("label");
  else {
    const found = boxesOf(row, columns, cell, number);
    if (typeof found === "string") return fail("FIELD_INVALID", found);
    item.boxes = found;
    if (!found && cell("boxes") === undefined) item.label = cell("label");
  }
  return { item: withoutUndefined(item), problems: [] };
}

/** The row's box. Empty for an image without objects, `undefined` without a label, a message for an error. */
function boxesOf(
  row: Row,
  { at, box }: Columns,
  cell: (column: keyof Columns["at"]) => string | undefined,
  number: (column: keyof Columns["at"]) => number | undefined,
): Box[] | undefined | string {
  const names =
    box === "corners"
      ? (["left", "top", "right", "bottom"] as const)
      : (["x", "y", "boxWidth", "boxHeight"] as const);
  const values = names.map(number);
  if (values.every((value) => value === undefined)) {
    if (cell("label") !== undefined) return undefined;
    const isLabelledEmpty = at.boxes === undefined || cell("boxes") !== undefined;
    return isLabelledEmpty ? [] : undefined;
  }
  const wrong = values.findIndex((value) => value === undefined || !isStorableNumber(value));
  if (wrong >= 0)
    return `The box's ${names[wrong]} is "${row.cells[at[names[wrong]!]!] ?? ""}", which is not a valid number.`;
  const label = cell("label");
  if (label === undefined) return "The box has no class.";
  const [x, y, third, fourth] = values as [number, number, number, number];
  const size =
    box === "corners" ? { width: third - x, height: fourth - y } : { width: third, height: fourth };
  const found: Box = { class: label, x, y, ...size };
  const confidence = number("boxConfidence");
  if (confidence !== undefined && isStorableNumber(confidence)) found.confidence = confidence;
  const extra = parseExtra(cell("boxExtra"), "boxExtra");
  if (Object.keys(extra).length > 0) found.extra = extra;
  return [found];
}

function parseExtra(written: string | undefined, name: string): Json {
  if (written === undefined) return {};
  return parseObject(written) ?? { [name]: written };
}
