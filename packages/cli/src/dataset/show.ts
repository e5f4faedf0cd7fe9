// Datasets and imports as people read them.
import type { ClassRow, Dataset, Warning } from "@sluice/core/dataset/dataset.ts";
import type { Import } from "@sluice/core/label/import.ts";
import { note, paint, plain, say, STATUS_STYLE, table } from "../output.ts";
import type { Brought } from "./bring.ts";

/** Problems named on a terminal; --json has more. */
const SHOWN = 10;

export function showDataset(dataset: Dataset) {
  const { id, model, status, step, progress, options, items, digest, identicalTo, groups } = dataset;
  say(`${paint("bold", id)}  ${model}  ${paint(STATUS_STYLE[status] ?? "dim", status)}`);
  if (status === "preparing")
    say(`  ${step ?? ""}${progress ? ` ${progress.done} of ${progress.total} files` : ""}`);
  const { train, validation, test } = options.split;
  say(`  seed ${options.seed}, split ${train} : ${validation} : ${test}, weights ${options.weights}`);
  if (items) say(`  ${items.train} to train, ${items.validation} to validate, ${items.test} to test`);
  if (groups && groups.count > 0)
    say(`  ${groups.count} groups of equal or look-alike files (${groups.items} in all), each in one split`);
  if (digest) say(`  digest ${digest.slice(0, 16)}${identicalTo ? `, the same as ${identicalTo}` : ""}`);
  if (dataset.classes) say(`\n${classTable(dataset.classes)}`);
  showWarnings(dataset.warnings);
  showProblems(dataset.problems, dataset.problemCount);
  if (dataset.error)
    note(
      `\n${paint("red", dataset.error.code)}  ${plain(dataset.error.message)}\n  fix: ${plain(dataset.error.hint)}`,
    );
}

/** Boxes and weights only where there are some. */
function classTable(rows: readonly ClassRow[]): string {
  return table(rows, [
    { title: "class", value: (row) => row.class },
    { title: "labelled", value: (row) => row.labelled },
    ...(rows.some(({ boxes }) => boxes !== undefined)
      ? [{ title: "boxes", value: (row: ClassRow) => row.boxes }]
      : []),
    { title: "unusable", value: (row) => row.unusable },
    { title: "train", value: (row) => row.train },
    { title: "validation", value: (row) => row.validation },
    { title: "test", value: (row) => row.test },
    { title: "capped", value: (row) => row.capped },
    ...(rows.some(({ weight }) => weight !== undefined)
      ? [{ title: "weight", value: (row: ClassRow) => row.weight?.toFixed(3) }]
      : []),
  ]);
}

/** What is to be done about many classes is said once. */
function showWarnings(warnings: readonly Warning[]) {
  if (warnings.length > 0) note(`\n${paint("yellow", counted(warnings.length, "warning"))}`);
  for (const [at, { code, message, fix }] of warnings.entries()) {
    note(`  ${code}  ${plain(message)}`);
    if (warnings[at + 1]?.fix !== fix) note(paint("dim", `    fix: ${plain(fix)}`));
  }
}

export function showImport({ source, added, changed, unchanged, older, problems, problemCount }: Import) {
  const parts = [`${added} new`, `${changed} changed`, `${unchanged} as they were`];
  if (older > 0) parts.push(`${older} older than what stands there`);
  say(`labels: ${parts.join(", ")}  ${paint("dim", plain(source))}`);
  showProblems(problems, problemCount);
}

export function showBrought({ files, sent, present, missing, problems, import: imported }: Brought) {
  say(`files: ${sent} sent, ${present} there already, ${files} in all`);
  if (missing.length > 0)
    note(
      `${missing.length} files are labelled but missing: ${missing.slice(0, SHOWN).map(plain).join(", ")}`,
    );
  showProblems(problems, problems.length);
  showImport(imported);
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

interface Shown {
  code: string;
  file: string;
  line?: number;
  message: string;
  fix: string;
}

function showProblems(problems: readonly Shown[], count: number) {
  if (count === 0) return;
  note(`\n${paint("yellow", counted(count, "problem"))}`);
  const shown = problems.slice(0, SHOWN);
  for (const [at, { code, file, line, message, fix }] of shown.entries()) {
    note(`  ${code}  ${paint("cyan", `${plain(file)}${line ? `:${line}` : ""}`)}  ${plain(message)}`);
    if (shown[at + 1]?.fix !== fix) note(paint("dim", `    fix: ${plain(fix)}`));
  }
  if (count > shown.length) note(`  and ${count - shown.length} more`);
}
