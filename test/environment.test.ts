// docs/environment.md names every variable of Sluice that a program reads, and no other.
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

/** A quoted name, or a property of an environment. A constant of this form is no variable. */
const NAME = /(?:["'`]|\benv\.|Environment \?\? \{\}|\{ |, )(SLUICE_[A-Z_]+)\b/g;
const CONSTANTS = new Set(["SLUICE_FIELD"]);

test("docs/environment.md has every variable that the programs read", () => {
  const sources = globSync("{packages,containers,infra,scripts}/**/*.{ts,tsx,mjs,py}", {
    cwd: root,
    exclude: (file) => file === "node_modules",
  }).filter((file) => !/\.(test|fixture)\.tsx?$|\/tests?\//.test(file));
  const used = new Set(sources.flatMap((file) => [...read(file).matchAll(NAME)].map(([, name]) => name!)));
  const documented = new Set(
    [...read("docs/environment.md").matchAll(/`(SLUICE_[A-Z_]+)`/g)].map(([, name]) => name!),
  );
  for (const name of CONSTANTS) used.delete(name);
  expect([...documented].toSorted()).toEqual([...used].toSorted());
  expect(used.size).toBeGreaterThan(20);
});
