import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { inProject } from "../synth/project.ts";
import { npmLicences } from "./npm.ts";
import { refusedLicences } from "./refuse.ts";

test.each<[string, string, boolean]>([
  ["plain", "MIT", false],
  ["free", "AGPL-3.0-only", true],
  ["long", "License :: OSI Approved :: GNU Affero General Public License v3", true],
  ["both", "MIT AND AGPL-3.0-or-later", true],
  ["choice", "(AGPL-3.0-only OR Apache-2.0)", false],
  ["ultralytics-thop", "MIT", true],
  ["silent", "", true],
])("%s with the licence `%s` is refused: %s", (name, licence, refused) => {
  expect(refusedLicences([{ name, licence }])).toHaveLength(refused ? 1 : 0);
});

test("the lockfile has no refused package", () => {
  const packages = npmLicences(readFileSync(inProject("package-lock.json"), "utf8"));
  expect(packages.length).toBeGreaterThan(300);
  expect(packages.map(({ name }) => name)).toContain("commander");
  expect(refusedLicences(packages)).toEqual([]);
});
