// Writes samples as files: class folders for classification, the YOLO layout for detection.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Range, generate, generatorOf } from "./generate.ts";
import type { Sample } from "./toolkit/sample.ts";

export interface Written {
  files: number;
  /** The number of files or boxes of each class. */
  classes: Record<string, number>;
}

export async function writeSamples(
  model: string,
  dir: string,
  range: Range,
  afterEach: (done: number) => void = () => {},
  shares?: readonly number[],
): Promise<Written> {
  const { classes, task } = generatorOf(model);
  const counts = Object.fromEntries(classes.map((name) => [name, 0]));
  const parts = shares ? splitRange(range.count, shares) : [{ name: "", end: range.count }];
  const partFolders = parts.flatMap(({ name }) => [`images${name}`, `labels${name}`]);
  const folders = task === "object-detection" ? partFolders : classes;
  for (const folder of folders) await mkdir(path.join(dir, folder), { recursive: true });
  if (task === "object-detection") await writeFile(path.join(dir, "data.yaml"), dataYaml(classes, parts));
  let files = 0;
  for await (const sample of generate(model, range)) {
    const { name, bytes, label, boxes } = sample;
    const part = parts.find(({ end }) => files < end)!.name;
    await writeFile(path.join(dir, label ?? `images${part}`, name), bytes);
    if (boxes)
      await writeFile(
        path.join(dir, `labels${part}`, `${path.parse(name).name}.txt`),
        yoloLabels(sample, classes),
      );
    for (const found of boxes?.map((box) => box.class) ?? [label!]) counts[found]! += 1;
    afterEach(++files);
  }
  return { files, classes: counts };
}

/** One line for each box: class, center and size, as shares of the image. */
function yoloLabels({ boxes, width, height }: Sample, classes: readonly string[]): string {
  return boxes!
    .map((box) => {
      const shares = [
        (box.x + box.width / 2) / width!,
        (box.y + box.height / 2) / height!,
        box.width / width!,
        box.height / height!,
      ];
      return `${classes.indexOf(box.class)} ${shares.map((share) => share.toFixed(8)).join(" ")}\n`;
    })
    .join("");
}

interface Part {
  /** `/train`, or empty for samples in one part. */
  name: string;
  /** The number of samples up to its last one. */
  end: number;
}

/** Samples are independent of each other, so that their order may decide. Each part has one sample if there are enough. */
function splitRange(count: number, shares: readonly number[]): Part[] {
  const [train, validation] = shares as [number, number];
  const ends = [
    Math.max(1, Math.round(count * train)),
    Math.max(2, Math.round(count * (train + validation))),
  ];
  return ["/train", "/val", "/test"]
    .map((name, at) => ({ name, end: Math.min(count, ends[at] ?? count) }))
    .filter(({ end }, at, all) => end > (all[at - 1]?.end ?? 0));
}

/** Without `path`, YOLO resolves the folders beside this file. */
function dataYaml(classes: readonly string[], parts: readonly Part[]): string {
  const folder = (name: string) =>
    `images${parts.some((part) => part.name === name) ? name : parts[0]!.name}`;
  return [
    `train: ${folder("/train")}`,
    `val: ${folder("/val")}`,
    ...(parts.some(({ name }) => name === "/test") ? ["test: images/test"] : []),
    `nc: ${classes.length}`,
    "names:",
    ...classes.map((name, at) => `  ${at}: ${JSON.stringify(name)}`),
    "",
  ].join("\n");
}
