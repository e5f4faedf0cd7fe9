import { expect, test } from "vitest";
import { bashOf, blocksOf, differences, missingLines } from "./blocks.ts";

test("shell blocks are found with their comments, also inside lists", () => {
  const page = [
    "Text.",
    "<!-- ID: sluice list | field items.0.id -->",
    "```sh",
    "sluice make",
    "sluice show ID # not ID2",
    "```",
    "",
    "1. Item",
    "",
    "   <!-- not run: needs an AWS account -->",
    "   ```sh",
    "   sst deploy",
    "   ```",
    "```ts",
    "const a = 1;",
    "```",
  ].join("\n");
  const [first, second, ...others] = blocksOf(page);
  expect(others).toEqual([]);
  expect(bashOf(first!)).toBe(
    "sluice make\nVALUE_3_0=$(sluice list | field items.0.id)\nsluice show $VALUE_3_0 # not ID2",
  );
  expect(second).toMatchObject({ line: 11, script: "sst deploy", notRun: "needs an AWS account" });
});

test("a JSON block shows the output of the shell block before it, and of no other", () => {
  const page = ["```sh", "a", "```", "", "```json", '{"x": 1}', "```", "Text.", "```json", "{}", "```"];
  expect(blocksOf(page.join("\n"))).toMatchObject([{ script: "a", shows: { x: 1 } }]);
});

test("the lines of a console block are commands and their output", () => {
  const [block] = blocksOf("```console\n$ sluice list\nprd_1  bus\n...\n$ sluice make\ndone\n```");
  expect(block).toMatchObject({ script: "sluice list\nsluice make", prints: ["prd_1  bus", "done"] });
});

test("a Python block runs with python3", () => {
  const [block] = blocksOf("```python\nimport boto3\n```");
  expect(bashOf(block!)).toBe("python3 - <<'PYTHON'\nimport boto3\nPYTHON");
});

test("shown lines may differ in numbers, times and ids, but not in words or order", () => {
  const shown = ["prd_0a1b  bus 93.1 %", "10:05:01 done in 3 ms, ...", "version 0a1b2c3d4e5f"];
  const output = "start\nprd_99 bus 7 %\nother\n11:59:59 done in 1,000.5 ms, 3 left\nversion fedcba987654";
  expect(missingLines(shown, output)).toEqual([]);
  expect(missingLines(["bus 1 %"], "car 1 %")).toEqual(["bus 1 %"]);
  expect(missingLines(["b", "a"], "a\nb")).toEqual(["a"]);
});

test("a command that only Ctrl-C ends is interrupted", () => {
  const [block] = blocksOf("```sh\nsluice watch   # until Ctrl-C\n```");
  expect(bashOf(block!)).toMatch(/^until_ctrl_c sluice watch/);
});

test.each([
  ["a reason is missing", "<!-- not run: -->\n```sh\na\n```", /needs a reason/],
  ["no block follows", "<!-- ID: a -->\nText.", /does not follow/],
  ["the block does not end", "```sh\na", /no end/],
])("rejected: %s", (_, page, message) => {
  expect(() => blocksOf(page)).toThrow(message);
});

test.each([
  [{ a: 1, "...": "" }, { a: 2, b: 3 }, []],
  [{ a: { b: "x" } }, { a: {} }, ["$.a.b is undefined, shown as string"]],
  [[{ a: 1 }], [], ["$[0] is undefined, shown as object"]],
  [{ a: null }, { a: 1 }, ["$.a is number, shown as null"]],
  [{ a: "..." }, {}, []],
])("%j shown for %j", (shown, actual, expected) => {
  expect(differences(shown, actual)).toEqual(expected);
});
