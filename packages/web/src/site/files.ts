// What of a built page is published, and how each file is served. The same on AWS and here.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";

export interface SiteFile {
  key: string;
  file: string;
  contentType: string;
  cacheControl: string;
}

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

const ALWAYS_ASK = "no-cache";
const NEVER_CHANGES = "public, max-age=31536000, immutable";

/** Of a folder that build.ts made: names under assets/ hold their content's hash. */
export function siteFiles(folder: string): SiteFile[] {
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        const key = path.relative(folder, file).split(path.sep).join("/");
        return {
          key,
          file,
          contentType: TYPES[path.extname(file)] ?? "application/octet-stream",
          cacheControl: key.startsWith("assets/") ? NEVER_CHANGES : ALWAYS_ASK,
        };
      })
      // The page itself last: what it names is there before it.
      .toSorted(
        (a, b) =>
          Number(a.key === "index.html") - Number(b.key === "index.html") || a.key.localeCompare(b.key),
      )
  );
}

/** The built page of the project at `root`, built anew where its sources changed. */
export function publishedFiles(root: string): SiteFile[] {
  // By npm, since a deployment's own Node may be too old for the build.
  const build = ["run", "--silent", "build", "--workspace", "packages/web"];
  return siteFiles(execFileSync("npm", build, { cwd: root, encoding: "utf8" }).trim());
}

/** What the page reads first: where everything else is. */
export interface SiteConfig {
  api: string;
  live: string;
}
export const CONFIG = { key: "config.json", contentType: "application/json", cacheControl: ALWAYS_ASK };
