import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolderPrivate } from "./private-files.ts";

let dir: string;
beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), "private-"))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const modeOf = (...parts: string[]) => (statSync(path.join(dir, ...parts)).mode & 0o7777).toString(8);

test("only its owner can read a new folder", () => {
  makeFolderPrivate(path.join(dir, "new/state"));
  expect(modeOf("new/state")).toBe("700");
});

test("the mode of an existing folder and its files is corrected", () => {
  mkdirSync(path.join(dir, "s3"));
  writeFileSync(path.join(dir, "s3/body"), "");
  writeFileSync(path.join(dir, "program"), "");
  chmodSync(dir, 0o755);
  chmodSync(path.join(dir, "s3"), 0o777);
  chmodSync(path.join(dir, "s3/body"), 0o666);
  chmodSync(path.join(dir, "program"), 0o755);
  makeFolderPrivate(dir);
  expect([modeOf(), modeOf("s3"), modeOf("s3/body"), modeOf("program")]).toEqual([
    "700",
    "700",
    "600",
    "700",
  ]);
});
