import { expect, test } from "vitest";
import { betweenFolders, cyclesOf, importsOf, type Edge } from "./imports.ts";

test.each([
  ['import { a } from "./a.ts";', "./a.ts", false],
  ['import a, { b } from "./a.ts";', "./a.ts", false],
  ['import * as a from "./a.ts";', "./a.ts", false],
  ['import "./a.ts";', "./a.ts", false],
  ['export { a } from "./a.ts";', "./a.ts", false],
  ['export * from "./a.ts";', "./a.ts", false],
  ['const a = await import("./a.ts");', "./a.ts", false],
  ['import { type A, b } from "./a.ts";', "./a.ts", false],
  ['import { typeOf } from "./a.ts";', "./a.ts", false],
  ['import type { A } from "./a.ts";', "./a.ts", true],
  ['export type { A } from "./a.ts";', "./a.ts", true],
  ['import {\n  type A,\n  type B,\n} from "@sluice/core/a.ts";', "@sluice/core/a.ts", true],
])("%s", (source, target, typeOnly) => {
  expect(importsOf(source)).toMatchObject([{ target, typeOnly }]);
});

test("text that only looks like an import is not one", () => {
  expect(importsOf('const important = 1;\nexport const from = "x";\n// import { a } from "./a.ts";')).toEqual(
    [],
  );
});

const edges = (...pairs: string[]): Edge[] =>
  pairs.map((pair) => {
    const [from, to] = pair.split(" -> ") as [string, string];
    return { from, to, typeOnly: false };
  });

test.each([
  ["a chain has no cycle", edges("a -> b", "b -> c", "a -> c"), []],
  ["two nodes", edges("a -> b", "b -> a", "b -> c"), [["a", "b"]]],
  ["a node and itself", edges("a -> a"), [["a"]]],
  ["a long cycle entered from outside", edges("x -> c", "a -> b", "b -> c", "c -> a"), [["a", "b", "c"]]],
  [
    "two cycles joined one way",
    edges("d -> c", "c -> d", "a -> b", "b -> a", "b -> c"),
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
])("%s", (_, graph, cycles) => {
  expect(cyclesOf(graph)).toEqual(cycles);
});

test("nested folders count as their first-level folder, and type imports do not count", () => {
  const graph = edges("a/deep/x.ts -> b/y.ts", "b/y.ts -> main.ts", "a/x.ts -> a/z.ts");
  graph.push({ from: "b/y.ts", to: "a/x.ts", typeOnly: true });
  expect(betweenFolders(graph)).toMatchObject([
    { from: "a", to: "b" },
    { from: "b", to: "." },
  ]);
});
