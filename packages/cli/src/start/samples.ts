// The example models that a laptop can train while you watch: real pictures drawn here, a real training run, a real
// package. Kept under the state folder, so that only the first start pays for them.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { pack } from "@sluice/inference/archive.ts";
import { Failure } from "../failure.ts";
import { root } from "../target.ts";

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
  await run(
    "packages/samples/src/main.ts",
    [model, folder, "--count", String(SHOWN_PER_MODEL), "--from", String(UNSEEN_FROM)],
    () => {},
  );
  const found: SampleFile[] = [];
  for (const truth of await readdir(folder)) {
    for (const name of await readdir(path.join(folder, truth)))
      found.push({ model, truth, file: path.join(folder, truth, name) });
  }
  return found;
}

function run(program: string, args: string[], report: (line: string) => void): Promise<void> {
  const child = spawn(process.execPath, [path.join(root, program), ...args], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  // Ctrl-C while a model trains must not leave the training behind.
  const end = () => void child.kill();
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  let last = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    for (const line of chunk.split("\n").filter(Boolean)) report((last = line));
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Failure("SAMPLE_FAILED", `${program} ended with ${signal ?? code}: ${last}`, {
            hint: "Start without it: npm start -- --no-samples.",
          }),
        );
    });
  });
}
