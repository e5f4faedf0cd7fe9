// The package under test, unpacked into a folder of its own and loaded.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { unpack } from "@sluice/inference/archive.ts";
import { type Engine, load } from "@sluice/inference/engine/engine.ts";
import { InferenceError } from "@sluice/inference/error.ts";
import { MANIFEST, type Manifest, readManifest } from "@sluice/inference/package.ts";

const ARCHIVE = "model.tar.gz";
/** Average precision ranks all boxes, the unsure ones too; below this they change nothing that is seen. */
const LEAST_CONFIDENCE = 0.001;
/** Each copy of the model costs its memory again. */
const MAX_WORKERS = 4;

export interface Tested {
  engine: Engine;
  /** As packaged. */
  manifest: Manifest;
  /** How many answers are worked out side by side. */
  workers: number;
}

export async function loadPackage(source: string, scratch: string, threads: number): Promise<Tested> {
  const archive = path.join(source, ARCHIVE);
  if (!existsSync(archive))
    throw new InferenceError(
      "PACKAGE_INVALID",
      422,
      `There is no ${ARCHIVE} to evaluate.`,
      `Give the job the folder of the package, with ${ARCHIVE} in it.`,
    );
  await unpack(archive, scratch);
  const manifest = await readManifest(scratch);
  if (manifest.task === "object-detection") {
    const thresholds = { ...manifest.thresholds, confidence: LEAST_CONFIDENCE };
    await writeFile(path.join(scratch, MANIFEST), JSON.stringify({ ...manifest, thresholds }));
  }
  const workers = Math.min(threads, MAX_WORKERS);
  const engine = await load(scratch, { threads, workers });
  try {
    await engine.warm();
  } catch (error) {
    await engine.close();
    throw error;
  }
  return { engine, manifest, workers };
}
