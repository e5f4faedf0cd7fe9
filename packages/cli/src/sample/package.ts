// The packages and sample files of the example models. Packages come with Sluice; `sluice start --train` trains the
// classifiers instead, and stores their packages in the state folder.
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pack } from "@sluice/inference/archive.ts";
import { trainedPackages } from "@sluice/samples/trained.ts";
import { runChild } from "../process/child.ts";
import { Failure } from "../terminal/failure.ts";

export const SAMPLE_MODELS = Object.keys(trainedPackages);
/** Those that the probe trains in seconds. */
export const QUICK_MODELS = ["compliance", "vehicles", "cats"];

/** Index of the first demo sample, beyond the training data. */
const DEMO_FROM = 100_000;
const DEMO_COUNT = 4;

export interface SampleFile {
  model: string;
  file: string;
  /** The class, or the number of objects. */
  truth: string;
}

/** The package file of a model, trained first if the state folder has none. */
export async function trainPackage(
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
  await writeSampleFiles(model, folder, { count: DEMO_COUNT, from: DEMO_FROM });
  return existsSync(path.join(folder, "images"))
    ? readDetectorFiles(model, folder)
    : readClassFolders(model, folder);
}

export const writeSampleFiles = (
  model: string,
  folder: string,
  { count, from }: { count: number; from: number },
) =>
  runProgram("packages/samples/src/main.ts", [
    model,
    folder,
    "--count",
    String(count),
    "--from",
    String(from),
  ]);

async function readClassFolders(model: string, folder: string): Promise<SampleFile[]> {
  const files: SampleFile[] = [];
  for (const truth of await readdir(folder)) {
    for (const name of await readdir(path.join(folder, truth)))
      files.push({ model, truth, file: path.join(folder, truth, name) });
  }
  return files;
}

/** YOLO's layout: a line of a label file for each object. */
async function readDetectorFiles(model: string, folder: string): Promise<SampleFile[]> {
  const names = await readdir(path.join(folder, "images"));
  return Promise.all(
    names.map(async (name) => {
      const labels = await readFile(path.join(folder, "labels", `${path.parse(name).name}.txt`), "utf8");
      const objects = labels.split("\n").filter(Boolean).length;
      return { model, truth: `${objects} objects`, file: path.join(folder, "images", name) };
    }),
  );
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
