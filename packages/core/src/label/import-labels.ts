// Imports a label file: writes its labels to the table and its problems to the import record.
import { isProblem } from "@sluice/labels/format/problem.ts";
import { type ImportFile, type Imported, type Receipt, runImport } from "./import-run.ts";
import { readLabelFile } from "./read-label-file.ts";
import { labelWriter } from "./writer.ts";

export const importLabels = (message: string, receipt: Receipt) =>
  runImport("labels", message, receipt, importFile);

async function importFile({ id, model, arrival, problems, receives, now }: ImportFile): Promise<Imported> {
  const source = arrival.source.key;
  const context = { model: model.name, source, now, importId: id, redelivered: receives > 1 };
  const writer = labelWriter(context);
  for await (const row of readLabelFile(model, arrival))
    if (isProblem(row)) problems.add(row);
    else await writer.add(row);
  const counts = await writer.end();
  const { added, changed, removed } = counts;
  const changedAt = new Date(now).toISOString();
  const detail = { id, model: model.name, added, changed, removed, source, changedAt };
  const hasChanges = added + changed + removed > 0;
  return { counts, events: hasChanges ? [{ type: "labels.changed", detail }] : [] };
}
