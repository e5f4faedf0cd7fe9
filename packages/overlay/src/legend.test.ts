import { expect, test } from "vitest";
import { legendOf } from "./legend.ts";

test("classes with boxes are counted in the order of the declaration, others by name after them", () => {
  const boxes = ["door", "zebra", "wall", "door", "ant"].map((name) => ({ class: name }));
  const legend = legendOf(boxes, ["wall", "window", "door"]);
  expect(legend.map(({ class: name, count }) => [name, count])).toEqual([
    ["wall", 1],
    ["door", 2],
    ["ant", 1],
    ["zebra", 1],
  ]);
});
