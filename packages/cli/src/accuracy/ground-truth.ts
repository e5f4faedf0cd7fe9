import { readFile } from "node:fs/promises";
import { parseGroundTruth } from "@sluice/core/accuracy/parse.ts";
import { type GroundTruthOutcome, MAX_ROWS } from "@sluice/core/accuracy/ground-truth.ts";
import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { type CommonOptions, connectTarget, withCommonOptions } from "../target/options.ts";
import { failUnreadable } from "../terminal/failure.ts";
import { print, printJson, printTable } from "../terminal/output.ts";

export const groundTruth = new Command("ground-truth").description(
  "Import the true classes of predictions, which were found later",
);

withCommonOptions(
  groundTruth
    .command("import")
    .argument("<file>", "CSV with prediction_id or key, and label; or JSON: a list of such objects")
    .description("Import a file; a repeated import changes nothing"),
  ["npx sluice ground-truth import truth.csv", "npx sluice ground-truth import truth.json --json"],
).action(async (file: string, options: CommonOptions) => {
  const { api } = connectTarget(options);
  const rows = await parseGroundTruth(await readFile(file, "utf8").catch(failUnreadable(file)));
  const total: GroundTruthOutcome = { added: 0, changed: 0, unchanged: 0, older: 0, problems: [] };
  for (let start = 0; start < rows.length; start += MAX_ROWS) {
    const json = { rows: rows.slice(start, start + MAX_ROWS) };
    const part: GroundTruthOutcome = await readBody(api["ground-truth"].$post({ json }));
    for (const name of ["added", "changed", "unchanged", "older"] as const) total[name] += part[name];
    total.problems.push(...part.problems.map((one) => ({ ...one, row: one.row + start })));
  }
  if (options.json) return printJson(total);
  const { added, changed, unchanged, older, problems } = total;
  print(`${added} added, ${changed} changed, ${unchanged} unchanged, ${older} older than the stored truth`);
  if (problems.length === 0) return;
  print(`\n${problems.length} rows were not used:`);
  printTable(problems, [
    { title: "row", value: ({ row }) => row },
    { title: "code", value: ({ code }) => code },
    { title: "problem", value: ({ message }) => message },
  ]);
});
