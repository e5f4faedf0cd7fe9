// The example models that a laptop can train while you watch: real pictures drawn here, a real training run, a real
// package. Kept under the state folder, so that only the first start pays for them.
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pack } from "@sluice/inference/archive.ts";
import { Failure } from "../failure.ts";
import { runChild } from "./child.ts";

export const SAMPLE_MODELS = ["compliance", "vehicles", "cats"] as const;

/** Well behind what training saw: the samples shown are new to the model. */
const UNSEEN_FROM = 100_000;
const SHOWN_PER_MODEL = 4;

export interface SampleFile {
  model: string;
  file: string;
  truth: string;
}

/** The model's package as a file, trained first when there is none. */
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
    await run("containers/probe/src/train-sample.ts", [model, unpacked], report);
    await pack(unpacked, `${archive}.part`);
    // Under its own name only when whole: a start broken off here trains again.
    await rename(`${archive}.part`, archive);
  }
  return archive;
}

export async function sampleFiles(dir: string, model: string): Promise<SampleFile[]> {
  // `sluice doctor` calls this too: what it draws in the state folder is for its owner only.
  process.umask(0o077);
  const folder = path.join(dir, "samples", model, "files");
  await run("packages/samples/src/main.ts", [
    model,
    folder,
    "--count",
    String(SHOWN_PER_MODEL),
    "--from",
    String(UNSEEN_FROM),
  ]);
  const found: SampleFile[] = [];
  for (const truth of await readdir(folder)) {
    for (const name of await readdir(path.join(folder, truth)))
      found.push({ model, truth, file: path.join(folder, truth, name) });
  }
  return found;
}

const shownFile = (dir: string) => path.join(dir, "samples", "shown.json");

/** Whether every sample was predicted in an earlier start. */
export const samplesShown = (dir: string) => existsSync(shownFile(dir));

export async function rememberShown(dir: string, keys: string[]): Promise<void> {
  const file = shownFile(dir);
  await writeFile(`${file}.part`, `${JSON.stringify({ keys }, null, 2)}\n`);
  await rename(`${file}.part`, file);
}

async function run(program: string, args: string[], onLine?: (line: string) => void): Promise<void> {
  const { status, lastLine } = await runChild(program, args, onLine);
  if (status === 0) return;
  throw new Failure("SAMPLE_FAILED", `${program} ended with ${status}: ${lastLine}`, {
    hint: "Start without it: npm start -- --no-samples.",
  });
}
