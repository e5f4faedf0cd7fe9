// Ground truth as CSV: a header with prediction_id or key, label, and optionally model and labelled_at. Or as JSON: a list.
import { detectDelimiter, readRows } from "@sluice/labels/format/csv-text.ts";
import { SluiceError } from "../error/error.ts";

const COLUMNS: Record<string, string> = {
  predictionid: "predictionId",
  id: "predictionId",
  key: "key",
  label: "label",
  class: "label",
  model: "model",
  labelledat: "labelledAt",
};

export type GroundTruthRows = Record<string, unknown>[];

/** One object a row. Their values are not validated. */
export async function parseGroundTruth(text: string): Promise<GroundTruthRows> {
  if (!/^\s*[[{]/.test(text)) return parseGroundTruthCsv(text);
  const rows = readRowsOfJson(text);
  if (Array.isArray(rows) && rows.every((row) => typeof row === "object" && row !== null)) return rows;
  throw new SluiceError("INPUT_INVALID", "The file is not a JSON list of objects.", {
    hint: 'Use a list of objects such as {"predictionId": "prd_0123", "label": "truck"}, or CSV.',
  });
}

/** `{"rows": [...]}`, as the API accepts it, is a list too. */
function readRowsOfJson(text: string): unknown {
  try {
    const json = JSON.parse(text) as unknown;
    return Array.isArray(json) ? json : (json as { rows?: unknown }).rows;
  } catch {
    return undefined;
  }
}

export async function parseGroundTruthCsv(text: string): Promise<Record<string, string>[]> {
  const bytes = (async function* () {
    yield new TextEncoder().encode(text);
  })();
  let columns: (string | undefined)[] | undefined;
  const rows: Record<string, string>[] = [];
  for await (const { cells } of readRows(bytes, detectDelimiter(text.split("\n", 1)[0]!))) {
    if (columns) rows.push(toRow(columns, cells));
    else columns = readHeader(cells);
  }
  return rows;
}

function readHeader(cells: readonly string[]) {
  const columns = cells.map((cell) => COLUMNS[cell.toLowerCase().replace(/[^a-z]/g, "")]);
  if (columns.includes("label") && (columns.includes("predictionId") || columns.includes("key")))
    return columns;
  throw new SluiceError("INPUT_INVALID", `The CSV header is "${cells.join(",").slice(0, 200)}".`, {
    hint: "Name the columns prediction_id or key, and label; optionally model and labelled_at.",
  });
}

const toRow = (columns: readonly (string | undefined)[], cells: readonly string[]) =>
  Object.fromEntries(
    columns.flatMap((name, index) => (name && cells[index] ? [[name, cells[index]] as const] : [])),
  );
