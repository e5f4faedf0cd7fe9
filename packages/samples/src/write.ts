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
): Promise<Written> {
  const { classes, task } = generatorOf(model);
  const counts = Object.fromEntries(classes.map((name) => [name, 0]));
  const folders = task === "object-detection" ? ["images", "labels"] : classes;
  for (const folder of folders) await mkdir(path.join(dir, folder), { recursive: true });
  if (task === "object-detection") await writeFile(path.join(dir, "data.yaml"), dataYaml(classes));
  let files = 0;
  for await (const sample of generate(model, range)) {
    const { name, bytes, label, boxes } = sample;
    await writeFile(path.join(dir, label ?? "images", name), bytes);
    if (boxes)
      await writeFile(path.join(dir, "labels", `${path.parse(name).name}.txt`), yoloLabels(sample, classes));
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

/** One part only: preparing a dataset splits it. Without `path`, YOLO resolves the folders beside this file. */
const dataYaml = (classes: readonly string[]) =>
  [
    "train: images",
    "val: images",
    `nc: ${classes.length}`,
    "names:",
    ...classes.map((name, at) => `  ${at}: ${JSON.stringify(name)}`),
    "",
  ].join("\n");
