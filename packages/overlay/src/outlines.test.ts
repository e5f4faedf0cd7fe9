import { expect, test } from "vitest";
import { outlinesOf } from "./outlines.ts";

const classes = ["wall", "door"];
const box = (name: string, below = false) => ({ class: name, x: 1, y: 2, width: 3, height: 4.567, below });

test("each class has one path, in the order of the declaration, below the threshold first", () => {
  const boxes = [box("door"), box("cat"), box("wall"), box("door"), box("door", true)];
  const outlines = outlinesOf(boxes, classes);
  expect(outlines.map(({ class: name, below }) => [name, below])).toEqual([
    ["door", true],
    ["cat", false],
    ["wall", false],
    ["door", false],
  ]);
  expect(outlines.at(-1)!.path).toBe("M1,2h3v4.57h-3zM1,2h3v4.57h-3z");
});

test("hundreds of boxes need as many paths as classes", () => {
  const boxes = Array.from({ length: 500 }, (_, index) => box(classes[index % 2]!));
  expect(outlinesOf(boxes, classes)).toHaveLength(2);
});
