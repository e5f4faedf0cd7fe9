// A real model for tests: trained once on generated pictures, kept until the trainer or the engine changes.
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { samplePackage } from "@sluice/cli/sample/package.ts";
import { generatorOf } from "@sluice/samples/generate.ts";
import { until } from "./until.ts";

export const root = path.resolve(import.meta.dirname, "../..");

/** Longer than training one takes. */
const TRAINING_MS = 120_000;
/** Behind all that training sees. */
const UNSEEN = 50_000;

export async function packageOf(model: string): Promise<Uint8Array> {
  const kept = path.join(root, "node_modules/.cache/sluice", sourcesDigest(), `${model}.tar.gz`);
  if (!existsSync(kept) && (await isBegun(`${kept}.begun`)))
    await until(() => readFile(kept), TRAINING_MS).catch(() => {});
  if (existsSync(kept)) return readFile(kept);
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-sample-"));
  try {
    const bytes = await readFile(await samplePackage(folder, model, () => {}));
    // By rename, so that another test file never reads half of it.
    await writeFile(`${kept}.${process.pid}`, bytes);
    await rename(`${kept}.${process.pid}`, kept);
    return bytes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether another test file trains it just now, on the machine's other core; if not, this one does. */
async function isBegun(mark: string): Promise<boolean> {
  await mkdir(path.dirname(mark), { recursive: true });
  const before = await stat(mark).catch(() => undefined);
  if (before && Date.now() - before.mtimeMs < TRAINING_MS) return true;
  await writeFile(mark, "");
  return false;
}

/** The `index`th picture (or text) of a model that its training has not seen, with the truth. */
export async function sampleOf(model: string, index: number) {
  const { bytes, label, contentType } = await generatorOf(model).generate(1, UNSEEN + index);
  return { bytes, label: label!, contentType };
}

function sourcesDigest(): string {
  const hash = createHash("sha256");
  for (const file of globSync("{containers/probe,packages/inference,packages/samples}/src/**/*.ts", {
    cwd: root,
  }).toSorted())
    if (!file.endsWith(".test.ts")) hash.update(file).update(readFileSync(path.join(root, file)));
  return hash.digest("hex").slice(0, 16);
}
