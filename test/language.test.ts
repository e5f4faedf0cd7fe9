// The words that docs/glossary.md replaces stay out of names, comments, documentation and help.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const CHECKED = /\.(ts|tsx|mjs|md|py|css|html|sh)$/;
/** The glossary and the changelog name old words beside the new ones. */
const UNCHECKED = /^(docs\/glossary\.md|CHANGELOG\.md|test\/language\.)/;

/** Where a word is still in use. It only shrinks: `SHRINK=1 npx vitest run test/language.test.ts` deletes what is gone. */
const knownFile = path.join(import.meta.dirname, "language.known.json");
const known = JSON.parse(readFileSync(knownFile, "utf8")) as Record<string, string[]>;

const words = replacedWords(readFileSync(path.join(root, "docs/glossary.md"), "utf8"));
const texts = sourceFiles().map((file) => ({
  file,
  area: file
    .split("/")
    .slice(0, /^(packages|containers)\//.test(file) ? 2 : 1)
    .join("/"),
  lines: [file, ...readFileSync(path.join(root, file), "utf8").split("\n")].map(asWords),
}));
const uses = new Map(words.map((word) => [word, usesOf(word)]));

test("the glossary replaces words", () => {
  expect(words.length).toBeGreaterThan(20);
  expect(Object.keys(known).filter((word) => !words.includes(word))).toEqual([]);
});

test("a camel-case or hyphenated name counts as its words", () => {
  expect(["comeAgain(", "ComeAgain", "come-again.ts", "COME_AGAIN"].map(asWords)).toEqual(
    Array(4).fill(expect.stringContaining("come again")),
  );
});

test.each(words)("no text uses `%s`", (word) => {
  const allowed = known[word] ?? [];
  expect(
    uses
      .get(word)!
      .filter(({ area }) => !allowed.includes(area))
      .map(({ where }) => where),
  ).toEqual([]);
});

test("every exception is needed", () => {
  const needed = Object.fromEntries(
    Object.entries(known)
      .map(([word, areas]) => {
        const used = new Set(uses.get(word)?.map(({ area }) => area));
        return [word, areas.filter((area) => used.has(area))] as const;
      })
      .filter(([, areas]) => areas.length > 0),
  );
  if (process.env["SHRINK"]) return writeFileSync(knownFile, `${JSON.stringify(needed, null, 2)}\n`);
  expect(known, "run `SHRINK=1 npx vitest run test/language.test.ts`").toEqual(needed);
});

/** The left column of the second table, where commas separate forms of one word. */
function replacedWords(glossary: string): string[] {
  const table = glossary.slice(glossary.indexOf("## Replaced words"));
  const rows = [...table.matchAll(/^\| ([^|]+) \| [^|]+ \|$/gm)].map(([, left]) => left!);
  return rows.slice(1).flatMap((left) => left.split(",").map((word) => word.trim()));
}

function usesOf(word: string): Array<{ area: string; where: string }> {
  const pattern = new RegExp(`\\b${asWords(word).trim()}\\b`);
  return texts.flatMap(({ file, area, lines }) =>
    lines.flatMap((line, index) => (pattern.test(line) ? [{ area, where: `${file}:${index}` }] : [])),
  );
}

function asWords(text: string): string {
  return text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/[-_]/g, " ")
    .toLowerCase();
}

function sourceFiles(): string[] {
  const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");
  return tracked.filter((file) => CHECKED.test(file) && !UNCHECKED.test(file));
}
