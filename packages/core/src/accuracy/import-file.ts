// Imports late ground truth from a file below `ground-truth/<model>/` in the uploads bucket.
import { createProblem } from "@sluice/labels/format/problem.ts";
import { SluiceError } from "../error/error.ts";
import { type ImportFile, type Imported, type Receipt, runImport } from "../label/import-run.ts";
import { zeroCounts } from "../label/plan.ts";
import { fetchObject } from "../object/fetch.ts";
import { MAX_ROWS } from "./ground-truth.ts";
import { importGroundTruth } from "./import.ts";
import { eventsOfFile, type LabelsOfFile } from "./labels.ts";
import { parseGroundTruth } from "./parse.ts";

/** More take longer than the function may run (900 s). */
const MAX_FILE_ROWS = 200_000;
/** 100 bytes for each of these rows. */
const MAX_BYTES = 100 * MAX_FILE_ROWS;

export const importGroundTruthFile = (message: string, receipt: Receipt) =>
  runImport("ground-truth", message, receipt, importFile);

/** Rows are of the folder's model, unless they name another one. */
async function importFile({ id, model, arrival, problems, receives, now }: ImportFile): Promise<Imported> {
  const { bytes } = await fetchObject(arrival.source, MAX_BYTES);
  const rows = await parseGroundTruth(new TextDecoder().decode(bytes));
  if (rows.length > MAX_FILE_ROWS)
    throw new SluiceError(
      "INPUT_INVALID",
      `The file has ${rows.length} rows; an import has at most ${MAX_FILE_ROWS}.`,
      { hint: `Split it into files of at most ${MAX_FILE_ROWS} rows, and upload each.` },
    );
  const counts = zeroCounts();
  const file: LabelsOfFile = { importId: id, redelivered: receives > 1, models: new Map() };
  for (let start = 0; start < rows.length; start += MAX_ROWS) {
    const part = rows.slice(start, start + MAX_ROWS).map((row) => ({ model: model.name, ...row }));
    const found = await importGroundTruth({
      rows: part,
      now,
      labelledAt: arrival.uploadedAt,
      file,
    });
    for (const name of ["added", "changed", "unchanged", "older"] as const) counts[name] += found[name];
    for (const { row, message } of found.problems)
      problems.add(
        createProblem("FIELD_INVALID", { file: arrival.source.key }, `Row ${start + row}: ${message}`),
      );
  }
  return { counts, events: eventsOfFile(file, arrival.source.key, now) };
}
