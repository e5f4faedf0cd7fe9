// CSV and TSV with a header: a class for each file or text, or a row for each box.
import type { Collection } from "./collection.ts";
import { type Columns, columnsOf } from "./csv-columns.ts";
import { delimiterOf, type Row, rows } from "./csv-text.ts";
import type { ReadContext } from "./format.ts";
import { type Json, parseObject } from "./json.ts";
import { keySet } from "./key-set.ts";
import { type Box, isHoldable, type Labelled, present } from "./labelled.ts";
import { type Locator, locator } from "./locate.ts";
import { directory, extension } from "./path.ts";
import { type Problem, problem } from "./problem.ts";
import { IMAGE, type Sketch } from "./sketch.ts";
import { SAVE_AS_UTF8 } from "./utf8.ts";
import { splitNamed, splitOfLabelFile } from "./split.ts";

/** The CSV files whose headers say that they are label files. */
export async function labelTables(seen: Sketch): Promise<string[]> {
  const found: string[] = [];
  for (const path of [...(seen.endings.get("csv") ?? []), ...(seen.endings.get("tsv") ?? [])])
    if ((await shapeOf(seen.head(path), path)).columns) found.push(path);
  return found;
}

/** Objects cannot hold a field of this name reliably. */
const UNHOLDABLE = "__proto__";

interface Shape {
  delimiter: string;
  columns: Columns | undefined;
  /** Without a header, the first row is a label already. */
  headless: boolean;
}

async function shapeOf(head: Promise<string>, path: string): Promise<Shape> {
  const first = (await head).replace(/^\uFEFF/, "").split(/\r\n|\n|\r/)[0] ?? "";
  const delimiter = extension(path) === "tsv" ? "\t" : delimiterOf(first);
  let header: Row | undefined;
  for await (const row of rows(once(first), delimiter)) header ??= row;
  const columns = header && columnsOf(header.cells);
  if (columns || header?.cells.length !== 2 || !IMAGE.test(header.cells[0]!))
    return { delimiter, columns, headless: false };
  return { delimiter, columns: { at: { file: 0, label: 1 }, others: [], box: undefined }, headless: true };
}

async function* once(text: string) {
  yield Buffer.from(text);
}

export async function* readTable(
  collection: Collection,
  path: string,
  head: Promise<string>,
  { folders }: ReadContext,
): AsyncGenerator<Labelled | Problem> {
  const { delimiter, columns, headless } = await shapeOf(head, path);
  if (!columns) return;
  const others = columns.others.filter(({ name }) => name !== UNHOLDABLE);
  if (others.length < columns.others.length)
    yield problem(
      "FIELD_INVALID",
      { file: path, line: 1 },
      `The column "${UNHOLDABLE}" cannot be kept.`,
      "Rename the column.",
    );
  const table = {
    path,
    columns: { ...columns, others },
    locate: locator(collection, directory(path), folders),
  };
  const all = async function* () {
    const bytes = await collection.stream(path);
    if (!bytes) return;
    let labels = headless;
    for await (const row of rows(bytes, delimiter)) {
      if (labels) yield row;
      labels = true;
    }
  };
  if (!columns.box) {
    for await (const row of all()) yield* oneRow(row, table);
    return;
  }
  if (await areScattered(all(), columns)) yield* gathered(all(), table);
  else yield* adjacent(all(), table);
}

interface Reading {
  path: string;
  columns: Columns;
  locate: Locator;
}

async function* oneRow(row: Row, table: Reading): AsyncGenerator<Labelled | Problem> {
  const read = await itemOf(row, table);
  yield* read.problems;
  if (read.item) yield read.item;
}

/** Rows of one picture that stand together become one item as they pass. */
async function* adjacent(all: AsyncIterable<Row>, table: Reading): AsyncGenerator<Labelled | Problem> {
  let held: Labelled | undefined;
  for await (const row of all) {
    const { item, problems } = await itemOf(row, table);
    yield* problems;
    if (!item) continue;
    if (held && sameFile(held, item)) merge(held, item);
    else {
      if (held) yield held;
      held = item;
    }
  }
  if (held) yield held;
}

/** Rows of one picture far apart: all are held, as many as memory takes. */
async function* gathered(all: AsyncIterable<Row>, table: Reading): AsyncGenerator<Labelled | Problem> {
  const held = new Map<string, Labelled>();
  for await (const row of all) {
    const { item, problems } = await itemOf(row, table);
    yield* problems;
    if (!item) continue;
    const before = held.get(item.file!);
    if (before) merge(before, item);
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

const sameFile = (a: Labelled, b: Labelled) => a.file !== undefined && a.file === b.file;

function merge(held: Labelled, next: Labelled) {
  if (held.boxes || next.boxes) held.boxes = [...(held.boxes ?? []), ...(next.boxes ?? [])];
}

async function itemOf(row: Row, table: Reading): Promise<{ item?: Labelled; problems: Problem[] }> {
  const { path, columns } = table;
  const where = { file: path, line: row.line };
  const fail = (...[code, message, fix]: [Problem["code"], string, string?]) => ({
    problems: [problem(code, where, message, fix)],
  });
  if (row.fault)
    return fail(
      row.fault === "too long" ? "LINE_TOO_LONG" : "LINE_BROKEN",
      `The row is broken: ${row.fault}.`,
      row.fault === "not UTF-8" ? SAVE_AS_UTF8 : undefined,
    );
  const cell = (column: keyof Columns["at"]) => row.cells[columns.at[column] ?? -1] || undefined;

  const item: Labelled = { at: where };
  const reference = cell("file");
  if (reference !== undefined) {
    item.file = await table.locate(reference);
    if (item.file === undefined) return fail("PATH_UNSAFE", `"${reference}" points outside the dataset.`);
  }
  const text = columns.at.text === undefined ? undefined : row.cells[columns.at.text];
  if (text !== undefined && (text !== "" || reference === undefined)) item.text = text;
  if (item.file === undefined && item.text === undefined)
    return fail("FIELD_MISSING", "The row names no file.");

  const number = (column: keyof Columns["at"]) =>
    cell(column) === undefined ? undefined : Number(cell(column));
  const split = cell("split");
  item.split = split === undefined ? splitOfLabelFile(path) : splitNamed(split);
  if (split !== undefined && !item.split)
    return fail("FIELD_INVALID", `"${split}" is no split: train, validation or test.`);
  const [width, height] = [number("imageWidth"), number("imageHeight")];
  if (width! > 0 && height! > 0 && Number.isInteger(width) && Number.isInteger(height))
    item.image = { width: width!, height: height! };
  item.source = cell("source");
  item.annotator = cell("annotator");
  item.labelledAt = cell("labelledAt");
  item.confidence = number("confidence");
  if (item.confidence !== undefined && !isHoldable(item.confidence))
    return fail("FIELD_INVALID", `confidence "${cell("confidence")}" is no number that a label can have.`);
  const extra = [
    ...columns.others.flatMap(({ name, at }) => (row.cells[at] ? [[name, row.cells[at]]] : [])),
    ...Object.entries(json(cell("extra"), "extra")),
  ];
  if (extra.length > 0) item.extra = Object.fromEntries(extra) as Record<string, unknown>;

  if (!columns.box) item.label = cell("label");
  else {
    const found = boxesOf(row, columns, cell, number);
    if (typeof found === "string") return fail("FIELD_INVALID", found);
    item.boxes = found;
    if (!found && cell("boxes") === undefined) item.label = cell("label");
  }
  return { item: present(item), problems: [] };
}

/** The row's box; none in a row that says there is none; undefined where nobody looked; or what is wrong. */
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
    const looked = at.boxes === undefined || cell("boxes") !== undefined;
    return looked ? [] : undefined;
  }
  const wrong = values.findIndex((value) => value === undefined || !isHoldable(value));
  if (wrong >= 0)
    return `The box's ${names[wrong]} is "${row.cells[at[names[wrong]!]!] ?? ""}", no number that a box can have.`;
  const label = cell("label");
  if (label === undefined) return "The box has no class.";
  const [x, y, third, fourth] = values as [number, number, number, number];
  const size =
    box === "corners" ? { width: third - x, height: fourth - y } : { width: third, height: fourth };
  const found: Box = { class: label, x, y, ...size };
  const confidence = number("boxConfidence");
  if (confidence !== undefined && isHoldable(confidence)) found.confidence = confidence;
  const extra = json(cell("boxExtra"), "boxExtra");
  if (Object.keys(extra).length > 0) found.extra = extra;
  return [found];
}

function json(written: string | undefined, name: string): Json {
  if (written === undefined) return {};
  return parseObject(written) ?? { [name]: written };
}
