// Imports late ground truth from a file below `ground-truth/<model>/` in the uploads bucket.
import { createProblem } from "@sluice/labels/format/problem.ts";
import { type ImportFile, type Imported, type Receipt, runImport } from "../label/import-run.ts";
import { zeroCounts } from "../label/plan.ts";
import { fetchObject } from "../object/fetch.ts";
import { MAX_ROWS } from "./ground-truth.ts";
import { importGroundTruth } from "./import.ts";
import { parseGroundTruth } from "./parse.ts";

/** About 200,000 rows: more take longer than the function may run. */
const MAX_BYTES = 20_000_000;

export const importGroundTruthFile = (message: string, receipt: Receipt) =>
  runImport("ground-truth", message, receipt, importFile);

/** Rows are of the folder's model, unless they name another one. Labels have events of their own. */
async function importFile({ model, arrival, problems, now }: ImportFile): Promise<Imported> {
  const { bytes } = await fetchObject(arrival.source, MAX_BYTES);
  const rows = await parseGroundTruth(new TextDecoder().decode(bytes));
  const counts = zeroCounts();
  for (let start = 0; start < rows.length; start += MAX_ROWS) {
    const part = rows.slice(start, start + MAX_ROWS).map((row) => ({ model: model.name, ...row }));
    const found = await importGroundTruth({ rows: part, now });
    for (const name of ["added", "changed", "unchanged", "older"] as const) counts[name] += found[name];
    for (const { row, message } of found.problems)
      problems.add(
        createProblem("FIELD_INVALID", { file: arrival.source.key }, `Row ${start + row}: ${message}`),
      );
  }
  return { counts, events: [] };
}
