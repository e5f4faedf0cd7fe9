import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { siteFiles } from "./files.ts";

const MAX_KB = 200;
const build = () =>
  execFileSync(process.execPath, [path.join(import.meta.dirname, "build.ts")], { encoding: "utf8" });

test("the page is built once for its sources, and is small", () => {
  const folder = build();
  expect(build()).toBe(folder);
  const files = siteFiles(folder);
  const bytes = files.reduce((sum, { file }) => sum + gzipSync(readFileSync(file)).byteLength, 0);
  expect(bytes / 1_000).toBeLessThan(MAX_KB);
});

test("hashed files are immutable, and index.html is revalidated and uploaded last", () => {
  const files = siteFiles(build());
  expect(files.at(-1)).toMatchObject({
    key: "index.html",
    contentType: "text/html; charset=utf-8",
    cacheControl: "no-cache",
  });
  const assets = files.filter(({ key }) => key.startsWith("assets/"));
  expect(assets.length).toBeGreaterThan(1);
  for (const { key, cacheControl, contentType } of assets) {
    expect(key).toMatch(/-[\w-]{8}\.\w+$/);
    expect(cacheControl).toContain("immutable");
    expect(contentType).not.toBe("application/octet-stream");
  }
});

test("the page has no external resources, inline scripts or inline styles", () => {
  const page = siteFiles(build()).find(({ key }) => key === "index.html")!;
  const html = readFileSync(page.file, "utf8");
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(html).not.toMatch(/<script>|<style|\son\w+=|\sstyle=/);
});
