import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { measurements } from "../../bench/main.ts";
import { root } from "../support/sample.ts";

const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const pages = ["README.md", ...globSync("docs/*.md", { cwd: root })];

/** The names in `npm run bench -- NAME [SIZE]...` on all pages. */
function mentioned(page: string): string[] {
  const commands = read(page).matchAll(/npm run (?:--silent )?bench -- ([^`\n>#]*)/g);
  return [...commands].flatMap(([, words]) =>
    words!
      .trim()
      .split(/\s+/)
      .filter((word) => !/^(--.*|\d+|[A-Z]+|)$/.test(word)),
  );
}

test.each(Object.entries(measurements))(
  "%s has a description, a size and a smaller small size",
  async (_name, { what, against, unit, size, small, load }) => {
    for (const text of [what, against, unit]) expect(text).toMatch(/^\S[^\n]{3,}[^.\s]$/);
    expect(Number.isSafeInteger(size)).toBe(true);
    expect(Number.isSafeInteger(small)).toBe(true);
    expect(small).toBeGreaterThan(0);
    expect(small).toBeLessThan(size);
    expect((await load()).run).toBeTypeOf("function");
  },
);

test("pages mention only measurements that exist", () => {
  const found = pages.flatMap((page) => mentioned(page).map((name) => `${page}: ${name}`));
  expect(found.length).toBeGreaterThan(0);
  const known = Object.keys(measurements);
  expect(found.filter((line) => !known.includes(line.split(": ")[1]!))).toEqual([]);
});

test("docs/benchmarks.md describes each measurement, and no other", () => {
  const described = [...read("docs/benchmarks.md").matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name!);
  expect(described).toEqual(Object.keys(measurements));
});

test("CI runs every measurement", () => {
  expect(read(".ci/run")).toContain("npm run --silent bench -- --small");
});
