// The second pass: writes the files of a dataset.
import type { Split } from "@sluice/labels/format/sample.ts";
import { dataYaml } from "@sluice/labels/format/yolo-names.ts";
import type { DeclaredModel } from "../../model/model.ts";
import { type Dataset, Report } from "../dataset.ts";
import type { Line } from "../line.ts";
import { CAPPED } from "../split/assign.ts";
import type { CollectedItems } from "./item-collector.ts";
import type { SplitItems } from "./split-items.ts";
import type { TempLines } from "./temp-lines.ts";

export interface FileWriter {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}
export type OpenFile = (name: string, contentType: string) => FileWriter;

const splitNames: readonly Split[] = ["train", "validation", "test"];

interface About {
  model: DeclaredModel;
  dataset: Pick<Dataset, "id" | "options" | "createdAt">;
  finishedAt: string;
  /** The prefix of the manifests' files: `s3://bucket/`. */
  base: string;
}

export async function writeFiles(
  about: About,
  collected: CollectedItems,
  split: SplitItems,
  lines: TempLines,
  open: OpenFile,
): Promise<Report> {
  const { model } = about;
  const written = await writeSplits(about.base, collected, split, lines, open);
  const report = reportOf(about, collected, split, written);
  const json = (value: unknown) => JSON.stringify(value, null, 2);
  await writeFile(open, "report.json", "application/json", json(report));
  await writeFile(open, "dataset.json", "application/json", json(describe(model, report)));
  // YOLO trainers need it beside the images.
  if (model.task === "object-detection")
    await writeFile(open, "data.yaml", "application/yaml", dataYaml(model.classes, splitNames));
  return report;
}

interface Written {
  bytes: NonNullable<Dataset["bytes"]>;
  /** Files with equal content but different labels. */
  conflicts: string[];
}

/** `<split>.jsonl` has all items, `<split>.manifest` the objects among them. */
async function writeSplits(
  base: string,
  { isObject }: CollectedItems,
  { splits, conflicts: conflicting }: SplitItems,
  lines: TempLines,
  open: OpenFile,
): Promise<Written> {
  const files = splitNames.map((name) => ({
    lines: open(`${name}.jsonl`, "application/jsonl"),
    manifest: open(`${name}.manifest`, "application/json"),
  }));
  for (const { manifest } of files) await manifest.write(`[${JSON.stringify({ prefix: base })}`);
  const conflicts: string[] = [];
  const bytes = { train: 0, validation: 0, test: 0 };
  let item = 0;
  for await (const text of lines.read()) {
    const number = item++;
    const split = splits[number]!;
    if (conflicting.has(number)) conflicts.push((JSON.parse(text) as Line).file);
    if (split === CAPPED) continue;
    await files[split]!.lines.write(`${text}\n`);
    if (isObject[number] === 0) continue;
    const line = JSON.parse(text) as Line;
    bytes[splitNames[split]!] += line.bytes ?? 0;
    await files[split]!.manifest.write(`,\n${JSON.stringify(line.file)}`);
  }
  for (const file of files) {
    await file.manifest.write("]\n");
    await Promise.all([file.lines.end(), file.manifest.end()]);
  }
  return { bytes, conflicts };
}

function reportOf(
  { model, dataset, finishedAt }: About,
  { digest, problems, problemCounts }: CollectedItems,
  { rows, items, objects, groups, warnings }: SplitItems,
  { bytes, conflicts }: Written,
): Report {
  const conflictProblems = conflicts.map((file) => ({
    code: "DUPLICATE_CONFLICT",
    file,
    message: `${file} has the same content as another file, but another label.`,
    fix: "Correct one of the labels.",
  }));
  return Report.parse({
    ...dataset,
    model: model.name,
    digest,
    items,
    objects,
    bytes,
    classes: rows,
    groups,
    warnings,
    problemCount: [...problemCounts.values()].reduce((sum, count) => sum + count, conflicts.length),
    problems: [...conflictProblems, ...problems],
    finishedAt,
  });
}

/** `dataset.json`, for trainers. */
function describe(
  { name, task, classes }: DeclaredModel,
  { id, digest, options, items, objects, classes: rows = [], createdAt }: Report,
) {
  const weights = rows.flatMap((row) => (row.weight === undefined ? [] : [[row.class, row.weight] as const]));
  return {
    id,
    model: name,
    task,
    classes,
    digest,
    seed: options.seed,
    options,
    items,
    objects,
    counts: Object.fromEntries(rows.map(({ class: className, ...row }) => [className, row])),
    ...(weights.length > 0 && { weights: Object.fromEntries(weights) }),
    createdAt,
  };
}

async function writeFile(open: OpenFile, name: string, contentType: string, text: string) {
  const file = open(name, contentType);
  await file.write(`${text.trimEnd()}\n`);
  await file.end();
}
