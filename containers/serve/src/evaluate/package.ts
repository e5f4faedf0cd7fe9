// Unpacks and loads the package under test.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { unpack } from "@sluice/inference/archive.ts";
import { type Engine, loadEngine } from "@sluice/inference/engine/engine.ts";
import { InferenceError } from "@sluice/inference/error.ts";
import { MANIFEST, type Manifest, readManifest } from "@sluice/inference/package.ts";

const ARCHIVE = "model.tar.gz";
/** Average precision ranks all boxes; below this value they do not change the figures. */
const MIN_CONFIDENCE = 0.001;
/** Each worker needs memory. */
const MAX_WORKERS = 4;

export interface LoadedPackage {
  engine: Engine;
  /** As packaged. */
  manifest: Manifest;
  workers: number;
}

export async function loadPackage(source: string, scratch: string, threads: number): Promise<LoadedPackage> {
  const archive = path.join(source, ARCHIVE);
  if (!existsSync(archive))
    throw new InferenceError(
      "PACKAGE_INVALID",
      422,
      `The job's package folder has no ${ARCHIVE}.`,
      `Pass the folder with ${ARCHIVE} as the input 'package'.`,
    );
  await unpack(archive, scratch);
  const manifest = await readManifest(scratch);
  if (manifest.task === "object-detection") {
    const thresholds = { ...manifest.thresholds, confidence: MIN_CONFIDENCE };
    await writeFile(path.join(scratch, MANIFEST), JSON.stringify({ ...manifest, thresholds }));
  }
  const workers = Math.min(threads, MAX_WORKERS);
  const engine = await loadEngine(scratch, { threads, workers });
  try {
    await engine.warm();
  } catch (error) {
    await engine.close();
    throw error;
  }
  return { engine, manifest, workers };
}
