import { describe, expect, test } from "vitest";
import { contrast, distance, simulate, VISIONS } from "./color-vision.fixture.ts";
import { colorOf, PALETTE, UNDECLARED } from "./palette.ts";

const TEN = PALETTE.slice(0, 10);
/** Distance in OKLab. 0.02 is just visible side by side; gray levels that differ by a tenth are 0.1 apart. */
const MIN_DISTANCE = 0.12;

describe.each(VISIONS)("with %s vision", (vision) => {
  test("all lines differ from each other", () => {
    const seen = TEN.map(({ line }) => simulate(line, vision));
    for (const [index, one] of seen.entries())
      for (const other of seen.slice(index + 1))
        expect(distance(one, other), `${TEN[index]!.line} and another`).toBeGreaterThan(MIN_DISTANCE);
  });
});

test("a line contrasts with its halo as text must, so that it is visible on any image", () => {
  for (const { line, halo } of [...PALETTE, UNDECLARED]) expect(contrast(line, halo)).toBeGreaterThan(4.5);
});

test("the color of a class follows from its place, also after the tenth and the twentieth", () => {
  const classes = Array.from({ length: 25 }, (_, index) => `class ${index}`);
  expect(colorOf("class 3", classes)).toBe(PALETTE[3]);
  expect(colorOf("class 3", classes.slice(0, 5))).toBe(PALETTE[3]);
  expect(colorOf("class 13", classes)).toEqual({ line: TEN[3]!.halo, halo: TEN[3]!.line });
  expect(colorOf("class 23", classes)).toBe(PALETTE[3]);
  expect(colorOf("other", classes)).toBe(UNDECLARED);
});
