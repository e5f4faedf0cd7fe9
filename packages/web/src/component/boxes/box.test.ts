import { expect, test } from "vitest";
import { boxBetween, type Box, clipBox, centerBox, moveBox, resizeBox } from "./box.ts";

const size = { width: 100, height: 60 };
const bird: Box = { class: "bird", x: 10, y: 12, width: 30, height: 20 };

test("a box is clipped to the image, despite rounding errors", () => {
  expect(clipBox({ ...bird, x: -5, y: 50 }, size)).toMatchObject({ x: 0, y: 50, width: 25, height: 10 });
  for (const share of [0.1, 0.2, 0.3, 0.7, 20.57, 79.43, 33.333_333_333_3]) {
    const { x, width } = clipBox({ ...bird, x: share, width: 100.000_01 }, size);
    expect(x + width).toBeLessThanOrEqual(100);
    expect(width).toBeGreaterThan(100 - share - 0.001);
  }
});

test("a drag in any direction creates a box with integer pixels, but none without an area", () => {
  const drawn = { class: "bird", x: 10, y: 5, width: 20, height: 25 };
  expect(boxBetween("bird", { x: 10.2, y: 5.4 }, { x: 29.8, y: 30.1 }, size)).toEqual(drawn);
  expect(boxBetween("bird", { x: 29.8, y: 30.1 }, { x: 10.2, y: 5.4 }, size)).toEqual(drawn);
  expect(boxBetween("bird", { x: 90, y: 50 }, { x: 400, y: 400 }, size)).toMatchObject({
    width: 10,
    height: 10,
  });
  expect(boxBetween("bird", { x: 10, y: 5 }, { x: 10.3, y: 40 }, size)).toBeUndefined();
  expect(boxBetween("bird", { x: 120, y: 5 }, { x: 140, y: 40 }, size)).toBeUndefined();
});

test("a moved box keeps its size and stays in the image", () => {
  expect(moveBox(bird, { x: 1, y: -1 }, size)).toEqual({ ...bird, x: 11, y: 11 });
  expect(moveBox(bird, { x: 500, y: 500 }, size)).toEqual({ ...bird, x: 70, y: 40 });
  expect(moveBox({ ...bird, x: 79.43, width: 20.57 }, { x: 9, y: 0 }, size)).toMatchObject({
    x: 79,
    width: 21,
  });
});

test("a side moves up to the image edge, and not past the opposite side", () => {
  expect(resizeBox(bird, { across: 1, down: 1 }, { x: 5, y: 500 }, size)).toEqual({
    ...bird,
    width: 35,
    height: 48,
  });
  expect(resizeBox(bird, { across: -1, down: 0 }, { x: 500, y: 3 }, size)).toEqual({
    ...bird,
    x: 39,
    width: 1,
  });
  expect(resizeBox(bird, { across: 1, down: 0 }, { x: -500, y: 0 }, size)).toEqual({ ...bird, width: 1 });
});

test("a centered box has an area, even in a tiny image", () => {
  expect(centerBox("bird", size)).toEqual({ class: "bird", x: 25, y: 15, width: 50, height: 30 });
  expect(centerBox("bird", { width: 1, height: 1 })).toMatchObject({ x: 0, y: 0, width: 1, height: 1 });
});
