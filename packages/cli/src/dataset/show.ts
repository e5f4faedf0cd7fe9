import type { ClassRow, Dataset, Warning } from "@sluice/core/dataset/dataset.ts";
import type { Import } from "@sluice/core/label/import.ts";
import { printNote, paint, sanitize, print, STATUS_STYLE, table } from "../terminal/output.ts";
import type { UploadSummary } from "./upload.ts";

/** Problems that are printed; --json has more. */
const MAX_PROBLEMS = 10;

export function showDataset(dataset: Dataset) {
  const { id, model, status, step, progress, options, items, digest, identicalTo, groups } = dataset;
  print(`${paint("bold", id)}  ${model}  ${paint(STATUS_STYLE[status] ?? "dim", status)}`);
  if (status === "preparing")
    print(`  ${step ?? ""}${progress ? ` ${progress.done} of ${progress.total} files` : ""}`);
  const { train, validation, test } = options.split;
  print(`  seed ${options.seed}, split ${train} : ${validation} : ${test}, weights ${options.weights}`);
  if (items) print(`  ${items.train} training, ${items.validation} validation and ${items.test} test items`);
  if (groups && groups.count > 0)
    print(
      `  ${groups.count} groups of duplicate or similar files (${groups.items} files), each in one split`,
    );
  if (digest) print(`  digest ${digest.slice(0, 16)}${identicalTo ? `, identical to ${identicalTo}` : ""}`);
  if (dataset.classes) print(`\n${classTable(dataset.classes)}`);
  showWarnings(dataset.warnings);
  showProblems(dataset.problems, dataset.problemCount);
  if (dataset.error)
    printNote(
      `\n${paint("red", dataset.error.code)}  ${sanitize(dataset.error.message)}\n  fix: ${sanitize(dataset.error.hint)}`,
    );
}

function classTable(rows: readonly ClassRow[]): string {
  return table(rows, [
    { title: "class", value: (row) => row.class },
    { title: "labeled", value: (row) => row.labelled },
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

/** Prints a fix once if consecutive warnings share it. */
function showWarnings(warnings: readonly Warning[]) {
  if (warnings.length > 0) printNote(`\n${paint("yellow", formatCount(warnings.length, "warning"))}`);
  for (const [at, { code, message, fix }] of warnings.entries()) {
    printNote(`  ${code}  ${sanitize(message)}`);
    if (warnings[at + 1]?.fix !== fix) printNote(paint("dim", `    fix: ${sanitize(fix)}`));
  }
}

export function showImport({ source, added, changed, unchanged, older, problems, problemCount }: Import) {
  const parts = [`${added} added`, `${changed} changed`, `${unchanged} unchanged`];
  if (older > 0) parts.push(`${older} older than the existing label`);
  print(`labels: ${parts.join(", ")}  ${paint("dim", sanitize(source))}`);
  showProblems(problems, problemCount);
}

export function showUpload({ files, sent, present, missing, problems, import: imported }: UploadSummary) {
  print(`files: ${sent} uploaded, ${present} already present, ${files} in total`);
  if (missing.length > 0)
    printNote(
      `${missing.length} labeled files are missing: ${missing.slice(0, MAX_PROBLEMS).map(sanitize).join(", ")}`,
    );
  showProblems(problems, problems.length);
  showImport(imported);
}

const formatCount = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

interface PrintedProblem {
  code: string;
  file: string;
  line?: number;
  message: string;
  fix: string;
}

function showProblems(problems: readonly PrintedProblem[], count: number) {
  if (count === 0) return;
  printNote(`\n${paint("yellow", formatCount(count, "problem"))}`);
  const shown = problems.slice(0, MAX_PROBLEMS);
  for (const [at, { code, file, line, message, fix }] of shown.entries()) {
    printNote(
      `  ${code}  ${paint("cyan", `${sanitize(file)}${line ? `:${line}` : ""}`)}  ${sanitize(message)}`,
    );
    if (shown[at + 1]?.fix !== fix) printNote(paint("dim", `    fix: ${sanitize(fix)}`));
  }
  if (count > shown.length) printNote(`  and ${count - shown.length} more`);
}
