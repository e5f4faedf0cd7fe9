// Trains sample models on generated data. Packages are stored in the state folder, so that only the first start trains.
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pack } from "@sluice/inference/archive.ts";
import { runChild } from "../process/child.ts";
import { Failure } from "../terminal/failure.ts";

export const SAMPLE_MODELS = ["compliance", "vehicles", "cats"] as const;

/** Index of the first demo sample, beyond the training data. */
const DEMO_FROM = 100_000;
const DEMO_COUNT = 4;

export interface SampleFile {
  model: string;
  file: string;
  truth: string;
}

/** The package file of a model, trained first if it does not exist. */
export async function samplePackage(
  dir: string,
  model: string,
  report: (line: string) => void,
): Promise<string> {
  const folder = path.join(dir, "samples", model);
  const archive = path.join(folder, "model.tar.gz");
  if (!existsSync(archive)) {
    const unpacked = path.join(folder, "package");
    await rm(folder, { recursive: true, force: true });
    await mkdir(unpacked, { recursive: true });
    await runProgram("containers/probe/src/train-sample.ts", [model, unpacked], report);
    await pack(unpacked, `${archive}.part`);
    // Renamed into place when complete, so that an interrupted start trains again.
    await rename(`${archive}.part`, archive);
  }
  return archive;
}

export async function sampleFiles(dir: string, model: string): Promise<SampleFile[]> {
  // Also called by `sluice doctor`: files in the state folder are private.
  const { makeFilesPrivate } = await import("@sluice/local/kernel/private-files.ts");
  makeFilesPrivate();
  const folder = path.join(dir, "samples", model, "files");
  await runProgram("packages/samples/src/main.ts", [
    model,
    folder,
    "--count",
    String(DEMO_COUNT),
    "--from",
    String(DEMO_FROM),
  ]);
  const files: SampleFile[] = [];
  for (const truth of await readdir(folder)) {
    for (const name of await readdir(path.join(folder, truth)))
      files.push({ model, truth, file: path.join(folder, truth, name) });
  }
  return files;
}

const predictedFile = (dir: string) => path.join(dir, "samples", "shown.json");

/** Whether an earlier start has predicted every sample. */
export const arePredicted = (dir: string) => existsSync(predictedFile(dir));

export async function recordPredicted(dir: string, keys: string[]): Promise<void> {
  const file = predictedFile(dir);
  await writeFile(`${file}.part`, `${JSON.stringify({ keys }, null, 2)}\n`);
  await rename(`${file}.part`, file);
}

async function runProgram(program: string, args: string[], onLine?: (line: string) => void): Promise<void> {
  const { status, lastLine } = await runChild(program, args, onLine);
  if (status === 0) return;
  throw new Failure("SAMPLE_FAILED", `${program} exited with ${status}: ${lastLine}`, {
    hint: "Start without samples: npm start -- --no-samples.",
  });
}
