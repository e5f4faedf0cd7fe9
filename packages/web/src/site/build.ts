// Builds the page when there is no build of exactly these sources; otherwise costs a few milliseconds.
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const folder = path.resolve(import.meta.dirname, "../..");
const mark = path.join(folder, "dist/.sources");

const digest = sourcesDigest();
if (!existsSync(mark) || readFileSync(mark, "utf8") !== digest) {
  const { build } = await import("vite");
  await build({ configFile: path.join(folder, "vite.config.ts"), logLevel: "warn" });
  writeFileSync(mark, digest);
}

function sourcesDigest(): string {
  const hash = createHash("sha256");
  const sources = globSync(["src/**/*", "index.html", "vite.config.ts", "package.json"], {
    cwd: folder,
    withFileTypes: true,
  });
  const files = sources
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files.toSorted()) hash.update(path.relative(folder, file)).update(readFileSync(file));
  return hash.digest("hex");
}
