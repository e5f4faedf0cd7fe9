// Version numbers, and the files of the repository that hold them.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const VERSION = /^\d+\.\d+\.\d+$/;

/** "major", "minor", "patch", or a version above the current one. */
export function nextVersion(current: string, step: string): string {
  const [major = 0, minor = 0, patch = 0] = numbersOf(current);
  if (step === "major") return `${major + 1}.0.0`;
  if (step === "minor") return `${major}.${minor + 1}.0`;
  if (step === "patch") return `${major}.${minor}.${patch + 1}`;
  if (!VERSION.test(step))
    throw new Error(`"${step}" is not major, minor, patch or a version such as 1.2.3.`);
  const [given, from] = [numbersOf(step), numbersOf(current)];
  const first = given.findIndex((number, index) => number !== from[index]);
  if (first === -1 || given[first]! < from[first]!)
    throw new Error(`Version ${step} is not above the current version ${current}.`);
  return step;
}

const numbersOf = (version: string) => version.split(".").map(Number);

export function currentVersion(root: string): string {
  return (JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string }).version;
}

/** Every package.json of the repository, the root's first, and the lockfile. */
export function versionedFiles(root: string): string[] {
  const workspaces = globSync("{packages,containers}/*/package.json", { cwd: root }).toSorted();
  return ["package.json", ...workspaces, "package-lock.json"];
}

interface Manifest {
  name?: string;
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Sets the version of this repository's packages, and of their dependencies on each other. */
export function writeVersion(root: string, version: string) {
  for (const name of versionedFiles(root)) {
    const file = path.join(root, name);
    const document = JSON.parse(readFileSync(file, "utf8")) as Manifest & {
      packages?: Record<string, Manifest>;
    };
    setVersion(document, version);
    for (const [folder, manifest] of Object.entries(document.packages ?? {}))
      if (!folder.startsWith("node_modules/")) setVersion(manifest, version);
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  }
}

function setVersion(manifest: Manifest, version: string) {
  if (manifest.version !== undefined) manifest.version = version;
  for (const dependencies of [manifest.dependencies, manifest.devDependencies])
    for (const name of Object.keys(dependencies ?? {}))
      if (name.startsWith("@sluice/")) dependencies![name] = version;
}
