// Builds the page when there is no build of exactly these sources, and prints the folder it is in; where there is one
// that costs a few milliseconds. Folders are named by their sources, so that two who start at once do not disturb each
// other, and nobody reads half a build.
import { createHash } from "node:crypto";
import { existsSync, globSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const builds = path.join(root, "dist");
const folder = path.join(builds, sourcesDigest());
const KEPT_MS = 600_000;

if (!existsSync(folder)) {
  const { build } = await import("vite");
  const part = `${folder}.${process.pid}`;
  await build({
    configFile: path.join(root, "vite.config.ts"),
    logLevel: "silent",
    build: { outDir: part, emptyOutDir: true },
  });
  const older = readdirSync(builds).filter((name) => !name.includes(".") && isOld(path.join(builds, name)));
  try {
    renameSync(part, folder);
  } catch {
    // Somebody else was faster, with the same result.
    rmSync(part, { recursive: true, force: true });
  }
  for (const name of older) rmSync(path.join(builds, name), { recursive: true, force: true });
}
process.stdout.write(folder);

/** What was built a moment ago, of other sources, somebody may be about to read. */
function isOld(build: string): boolean {
  return Date.now() - (statSync(build, { throwIfNoEntry: false })?.mtimeMs ?? 0) > KEPT_MS;
}

function sourcesDigest(): string {
  const sources = globSync(["src/**/*", "index.html", "vite.config.ts", "package.json"], {
    cwd: root,
    withFileTypes: true,
  });
  const files = sources
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
  const hash = createHash("sha256");
  for (const file of files.toSorted()) hash.update(path.relative(root, file)).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}
