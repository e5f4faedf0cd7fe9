// Makes the virtual environment of the container `torch`. Each step may be repeated: pip keeps what it has downloaded
// and installed.
import { existsSync, statfsSync } from "node:fs";
import path from "node:path";
import { Failure } from "../terminal/failure.ts";
import { printNote } from "../terminal/output.ts";
import { installPackages, runPython } from "./pip.ts";
import { findPython, type Python } from "./python.ts";
import { removeStamp, requirementsDigest, requirementsFile, type Stamp, writeStamp } from "./stamp.ts";

const GB = 1e9;
/** With the CPU build on Linux. */
export const DOWNLOAD_GB = 0.3;
export const DISK_GB = 1.4;
const MODULES = ["torch", "onnx", "onnxruntime", "transformers", "safetensors"];

export interface InstallOptions {
  python?: string;
  /** One more index of packages, which has the CPU build of PyTorch. */
  indexUrl?: string;
}

export async function install(folder: string, { python, indexUrl }: InstallOptions): Promise<Stamp> {
  const found = findPython(python);
  checkSpace(folder);
  removeStamp(folder);
  const own = await createEnvironment(path.join(folder, "venv"), found);
  const index = indexUrl ? ["--extra-index-url", indexUrl] : [];
  await installPackages(own, ["--requirement", requirementsFile, ...index]);
  const stamp = { requirements: requirementsDigest(), python: own, versions: await readVersions(own) };
  writeStamp(folder, stamp);
  return stamp;
}

function checkSpace(folder: string) {
  let existing = folder;
  while (!existsSync(existing)) existing = path.dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  // An unfinished environment has a part of the packages already.
  const needed = existsSync(path.join(folder, "venv")) ? DISK_GB / 2 : DISK_GB;
  if (bavail * bsize >= needed * GB) return;
  throw new Failure(
    "DISK_FULL",
    `${existing} has ${((bavail * bsize) / GB).toFixed(1)} GB of free space; about ${needed} GB are needed.`,
    { hint: "Free some space, or set SLUICE_TORCH to a folder on another disk." },
  );
}

/** Keeps an environment of the same Python. Returns its interpreter. */
async function createEnvironment(folder: string, { command, version }: Python): Promise<string> {
  const own = path.join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  if (existsSync(own)) {
    const { status, lines } = await runPython(own, ["--version"]).catch(() => ({ status: 1, lines: [] }));
    if (status === 0 && lines.some((line) => line.startsWith(`Python ${version}.`))) return own;
  }
  printNote(`  creating the environment with Python ${version}`);
  const { status, lines } = await runPython(command, ["-m", "venv", "--clear", folder]);
  if (status === 0) return own;
  throw new Failure("PYTHON_INCOMPLETE", `${command} -m venv failed: ${lines.at(-1) ?? status}`, {
    hint: "Install Python's module venv, for instance with `apt-get install python3-venv`.",
  });
}

async function readVersions(python: string): Promise<Record<string, string>> {
  const code = `import json, ${MODULES.join(", ")}\nprint(json.dumps({m.__name__: m.__version__ for m in [${MODULES.join(", ")}]}))`;
  const { status, lines } = await runPython(python, ["-c", code]);
  if (status === 0) return JSON.parse(lines.at(-1)!) as Record<string, string>;
  throw new Failure("PACKAGES_BROKEN", `The installed packages cannot be used: ${lines.at(-1) ?? status}`, {
    hint: `Delete ${path.resolve(python, "../../..")} and run the command again.`,
  });
}
