import { expect, test } from "vitest";
import { linkTo } from "./links.ts";

test.each([
  ["label", "#/label/cats/a%2Fb.jpg"],
  ["import", "#/datasets?model=cats"],
  ["version", "#/version/cats/a%2Fb.jpg"],
  ["deployment", "#/model/cats"],
  ["endpoint", "#/model/cats"],
  ["review", "#/prediction/a%2Fb.jpg"],
  ["dataset", "#/dataset/a%2Fb.jpg"],
  ["run", "#/run/a%2Fb.jpg"],
] as const)("a record of the kind %s is shown at %s", (kind, address) => {
  expect(linkTo({ kind, id: "a/b.jpg", model: "cats" })).toBe(address);
});
