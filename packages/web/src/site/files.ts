// The published files of the page and their headers, on AWS and in the local cloud.
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

const REVALIDATE = "no-cache";
const IMMUTABLE = "public, max-age=31536000, immutable";

export const ENTRY = "index.html";

/** Names below assets/ contain a hash of the content. */
export const isHashed = (key: string) => key.startsWith("assets/");

/** The files of a build. */
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
          cacheControl: isHashed(key) ? IMMUTABLE : REVALIDATE,
        };
      })
      // The entry last, after the files it refers to.
      .toSorted((a, b) => Number(a.key === ENTRY) - Number(b.key === ENTRY) || a.key.localeCompare(b.key))
  );
}

/** Builds the page of the project at `root` if its sources changed. */
export function publishedFiles(root: string): SiteFile[] {
  // With npm, because the Node version of a deployment may be too old for the build.
  const build = ["run", "--silent", "build", "--workspace", "packages/web"];
  return siteFiles(execFileSync("npm", build, { cwd: root, encoding: "utf8" }).trim());
}

/** Read by the page first: the addresses of the API. */
export interface SiteConfig {
  api: string;
  /** Of the WebSocket API. */
  live: string;
}
export const CONFIG = { key: "config.json", contentType: "application/json", cacheControl: REVALIDATE };
