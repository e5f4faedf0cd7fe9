import { expect, test } from "vitest";
import { Display } from "./display.ts";

const box = (confidence: number, below = false) => ({
  class: "door",
  x: 1,
  y: 2,
  width: 3,
  height: 4,
  confidence,
  below,
});

test("without a chosen confidence, the thresholds of the classes decide", () => {
  const display = new Display();
  expect(display.reaches(box(0.3))).toBe(true);
  expect(display.reaches(box(0.9, true))).toBe(false);
});

test("a chosen confidence replaces the thresholds, and boxes of labels have none", () => {
  const display = new Display();
  display.confidence.value = 0.5;
  expect(display.reaches(box(0.49))).toBe(false);
  expect(display.reaches(box(0.5, true))).toBe(true);
  expect(display.reaches({ ...box(0), confidence: undefined })).toBe(true);
  display.confidence.value = 0;
  expect(display.reaches(box(0, true))).toBe(true);
});

test("classes are hidden and shown, one or all", () => {
  const display = new Display();
  display.toggle("door");
  expect([display.isHidden("door"), display.isHidden("wall")]).toEqual([true, false]);
  display.toggle("door");
  expect(display.isHidden("door")).toBe(false);
  display.hideAll(["door", "wall"]);
  display.toggle("wall");
  expect([display.isHidden("door"), display.isHidden("wall")]).toEqual([true, false]);
  display.showAll();
  expect(display.isHidden("door")).toBe(false);
});
