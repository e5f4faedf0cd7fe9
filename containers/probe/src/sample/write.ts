// Generated samples as files: class folders for classes, a picture with its boxes beside it for detections.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { TrainingError } from "../failure.ts";
import * as cats from "./cats.ts";
import * as compliance from "./compliance.ts";
import type { Generate } from "./sample.ts";
import * as vehicles from "./vehicles.ts";

export const GENERATORS: Record<string, { generate: Generate; CLASSES: readonly string[] }> = {
  vehicles,
  cats,
  compliance,
};

/** Drawing runs on other threads, so a few at once keep every core at work. */
const TOGETHER = 4;

export function generatorOf(model: string) {
  const found = GENERATORS[model];
  if (found) return found;
  throw new TrainingError(
    `There are no sample data for '${model}'; there are for ${Object.keys(GENERATORS).join(", ")}.`,
  );
}

export async function writeSamples(
  model: string,
  dir: string,
  range: { seed: number; from: number; count: number },
): Promise<void> {
  const { generate } = generatorOf(model);
  const labels: string[] = [];
  const write = async (index: number) => {
    const { name, bytes, label, boxes, width, height } = await generate(range.seed, index);
    const folder = path.join(dir, label ?? "images");
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, name), bytes);
    if (boxes) labels.push(JSON.stringify({ file: `images/${name}`, width, height, boxes }));
  };
  for (let index = range.from; index < range.from + range.count; index += TOGETHER)
    await Promise.all(
      Array.from({ length: Math.min(TOGETHER, range.from + range.count - index) }, (_, at) =>
        write(index + at),
      ),
    );
  if (labels.length > 0) await writeFile(path.join(dir, "boxes.jsonl"), `${labels.sort().join("\n")}\n`);
}
