// Packages and samples for tests. A package is trained once, and stored until the trainer or the engine changes.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { pack } from "@sluice/inference/archive.ts";
import { generatorOf } from "@sluice/samples/generate.ts";
import { until } from "./until.ts";

export const root = path.resolve(import.meta.dirname, "../..");
const TRAINER = path.join(import.meta.dirname, "train-package.ts");

/** More than a training needs. */
const TRAINING_MS = 120_000;
/** Index of the first sample of `sampleOf`, beyond what `sluice start` trains on and predicts. */
export const FIRST_SAMPLE = 50_000;

export async function packageOf(model: string): Promise<Uint8Array> {
  const stored = path.join(root, "node_modules/.cache/sluice", sourcesDigest(), `${model}.tar.gz`);
  if (!existsSync(stored) && (await isBegun(`${stored}.begun`)))
    await until(() => readFile(stored), TRAINING_MS).catch(() => {});
  if (existsSync(stored)) return readFile(stored);
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-sample-"));
  try {
    await promisify(execFile)(process.execPath, [TRAINER, model, folder]);
    // Renamed, so that another test file never reads half of it.
    await pack(folder, `${stored}.${process.pid}`);
    await rename(`${stored}.${process.pid}`, stored);
    return readFile(stored);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether another test file trains it at the moment, on the machine's other core. If not, this one does. */
async function isBegun(mark: string): Promise<boolean> {
  await mkdir(path.dirname(mark), { recursive: true });
  const before = await stat(mark).catch(() => undefined);
  if (before && Date.now() - before.mtimeMs < TRAINING_MS) return true;
  await writeFile(mark, "");
  return false;
}

/** The `index`th image or text of a model, with its true class. `packageOf` predicts the first sixty correctly. */
export async function sampleOf(model: string, index: number) {
  const { bytes, label, contentType } = await generatorOf(model).generate(1, FIRST_SAMPLE + index);
  return { bytes, label: label!, contentType };
}

function sourcesDigest(): string {
  const hash = createHash("sha256").update(readFileSync(TRAINER));
  for (const file of globSync("{containers/probe,packages/inference,packages/samples}/src/**/*.ts", {
    cwd: root,
  }).toSorted())
    if (!file.endsWith(".test.ts")) hash.update(file).update(readFileSync(path.join(root, file)));
  return hash.digest("hex").slice(0, 16);
}
