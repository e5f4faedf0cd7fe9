// Builds the page if there is no build of these sources, and prints its folder. Folders are named by a digest of the
// sources, so concurrent builds do not conflict and no partial build is used.
import { createHash } from "node:crypto";
import { existsSync, globSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const builds = path.join(root, "dist");
const folder = path.join(builds, sourcesDigest());
const KEEP_MS = 600_000;

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
    // A concurrent build has finished first, with the same result.
    rmSync(part, { recursive: true, force: true });
  }
  for (const name of older) rmSync(path.join(builds, name), { recursive: true, force: true });
}
process.stdout.write(folder);

/** A recent build of other sources may still be in use. */
function isOld(build: string): boolean {
  return Date.now() - (statSync(build, { throwIfNoEntry: false })?.mtimeMs ?? 0) > KEEP_MS;
}

function sourcesDigest(): string {
  const own = ["src/**/*", "index.html", "vite.config.ts", "package.json"];
  const imported = ["../overlay/src/**/*", "../api/src/client/**/*"];
  const sources = globSync([...own, ...imported], { cwd: root, withFileTypes: true });
  const files = sources
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
  const hash = createHash("sha256");
  for (const file of files.toSorted()) hash.update(path.relative(root, file)).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}
