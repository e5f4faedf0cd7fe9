import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { openLog } from "./log.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("lines that cannot be written are dropped and counted, and writing resumes when it is possible", () => {
  const file = path.join(folder, "cloud.log");
  const write = openLog(file);
  write("one");
  rmSync(file);
  mkdirSync(file);
  write("two");
  write("three");
  rmdirSync(file);
  write("four");
  write("five");
  expect(readFileSync(file, "utf8")).toBe("... 2 earlier lines could not be written\nfour\nfive\n");
});
