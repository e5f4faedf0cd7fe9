// The second pass: the lines, each into the file of its split, and what tells of them.
import { CAPPED } from "../split/assign.ts";
import type { Declared } from "../../model/model.ts";
import { type Dataset, type Report, Report as ReportSchema } from "../dataset.ts";
import type { Split } from "@sluice/labels/format/labelled.ts";
import { dataYaml } from "@sluice/labels/format/yolo-names.ts";
import type { Line } from "../line.ts";
import type { Divided } from "./divide.ts";
import type { Gathered } from "./gather.ts";
import type { Spool } from "./spool.ts";

/** Takes a file's text piece by piece. */
export interface Sink {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}
export type Open = (name: string, contentType: string) => Sink;

const splits: readonly Split[] = ["train", "validation", "test"];

interface About {
  model: Declared;
  dataset: Pick<Dataset, "id" | "options" | "createdAt">;
  finishedAt: string;
  /** Where the manifests' files lie: `s3://bucket/`. */
  base: string;
}

/** Writes every file of the dataset and answers its report. */
export async function write(
  { model, dataset, finishedAt, base }: About,
  gathered: Gathered,
  divided: Divided,
  spool: Spool,
  open: Open,
): Promise<Report> {
  const files = splits.map((split) => ({
    lines: open(`${split}.jsonl`, "application/jsonl"),
    manifest: open(`${split}.manifest`, "application/json"),
  }));
  for (const { manifest } of files) await manifest.write(`[${JSON.stringify({ prefix: base })}`);
  const conflicts = [];
  const bytes = { train: 0, validation: 0, test: 0 };
  let at = 0;
  for await (const text of spool.read()) {
    const to = divided.taken[at]!;
    const object = gathered.objects[at] === 1;
    if (divided.conflicts.has(at)) conflicts.push((JSON.parse(text) as Line).file);
    at += 1;
    if (to === CAPPED) continue;
    const { lines, manifest } = files[to]!;
    await lines.write(`${text}\n`);
    if (!object) continue;
    const line = JSON.parse(text) as Line;
    bytes[splits[to]!] += line.bytes ?? 0;
    await manifest.write(`,\n${JSON.stringify(line.file)}`);
  }
  for (const { lines, manifest } of files) {
    await manifest.write("]\n");
    await Promise.all([lines.end(), manifest.end()]);
  }

  const problems = [
    ...conflicts.map((file) => ({
      code: "DUPLICATE_CONFLICT",
      file,
      message: `${file} has the same content as another file, but another label.`,
      fix: "Correct one of the labels.",
    })),
    ...gathered.problems,
  ];
  const { rows, items, objects, groups, warnings } = divided;
  const { id, options, createdAt } = dataset;
  const report = ReportSchema.parse({
    id,
    model: model.name,
    digest: gathered.digest,
    options,
    items,
    objects,
    bytes,
    classes: rows,
    groups,
    warnings,
    problemCount: conflicts.length + [...gathered.problemCounts.values()].reduce((sum, one) => sum + one, 0),
    problems,
    createdAt,
    finishedAt,
  });
  await whole(open, "report.json", "application/json", JSON.stringify(report, null, 2));
  const weights = rows.flatMap((row) => (row.weight === undefined ? [] : [[row.class, row.weight] as const]));
  const description = {
    id,
    model: model.name,
    task: model.task,
    classes: model.classes,
    digest: gathered.digest,
    seed: options.seed,
    options,
    items,
    objects,
    counts: Object.fromEntries(rows.map(({ class: name, ...row }) => [name, row])),
    ...(weights.length > 0 && { weights: Object.fromEntries(weights) }),
    createdAt,
  };
  await whole(open, "dataset.json", "application/json", JSON.stringify(description, null, 2));
  if (model.task === "object-detection")
    // The trainer lays the pictures out beside it.
    await whole(open, "data.yaml", "application/yaml", dataYaml(model.classes, splits));
  return report;
}

async function whole(open: Open, name: string, contentType: string, text: string) {
  const sink = open(name, contentType);
  await sink.write(`${text.trimEnd()}\n`);
  await sink.end();
}
