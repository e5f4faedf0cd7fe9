import { expect, test } from "vitest";
import { between, type Box, clipped, middle, moved, resized } from "./box.ts";

const size = { width: 100, height: 60 };
const bird: Box = { class: "bird", x: 10, y: 12, width: 30, height: 20 };

test("a box is clipped to the picture, whatever its fractions add up to", () => {
  expect(clipped({ ...bird, x: -5, y: 50 }, size)).toMatchObject({ x: 0, y: 50, width: 25, height: 10 });
  for (const share of [0.1, 0.2, 0.3, 0.7, 20.57, 79.43, 33.333_333_333_3]) {
    const { x, width } = clipped({ ...bird, x: share, width: 100.000_01 }, size);
    expect(x + width).toBeLessThanOrEqual(100);
    expect(width).toBeGreaterThan(100 - share - 0.001);
  }
});

test("a drag makes a box of whole pixels in any direction, and none without area", () => {
  const drawn = { class: "bird", x: 10, y: 5, width: 20, height: 25 };
  expect(between("bird", { x: 10.2, y: 5.4 }, { x: 29.8, y: 30.1 }, size)).toEqual(drawn);
  expect(between("bird", { x: 29.8, y: 30.1 }, { x: 10.2, y: 5.4 }, size)).toEqual(drawn);
  expect(between("bird", { x: 90, y: 50 }, { x: 400, y: 400 }, size)).toMatchObject({
    width: 10,
    height: 10,
  });
  expect(between("bird", { x: 10, y: 5 }, { x: 10.3, y: 40 }, size)).toBeUndefined();
  expect(between("bird", { x: 120, y: 5 }, { x: 140, y: 40 }, size)).toBeUndefined();
});

test("a moved box keeps its size and stays in the picture", () => {
  expect(moved(bird, { x: 1, y: -1 }, size)).toEqual({ ...bird, x: 11, y: 11 });
  expect(moved(bird, { x: 500, y: 500 }, size)).toEqual({ ...bird, x: 70, y: 40 });
  expect(moved({ ...bird, x: 79.43, width: 20.57 }, { x: 9, y: 0 }, size)).toMatchObject({
    x: 79,
    width: 21,
  });
});

test("a side is pulled to the edge at most, and never past its opposite", () => {
  expect(resized(bird, { across: 1, down: 1 }, { x: 5, y: 500 }, size)).toEqual({
    ...bird,
    width: 35,
    height: 48,
  });
  expect(resized(bird, { across: -1, down: 0 }, { x: 500, y: 3 }, size)).toEqual({
    ...bird,
    x: 39,
    width: 1,
  });
  expect(resized(bird, { across: 1, down: 0 }, { x: -500, y: 0 }, size)).toEqual({ ...bird, width: 1 });
});

test("a box in the middle has an area, however small the picture", () => {
  expect(middle("bird", size)).toEqual({ class: "bird", x: 25, y: 15, width: 50, height: 30 });
  expect(middle("bird", { width: 1, height: 1 })).toMatchObject({ x: 0, y: 0, width: 1, height: 1 });
});
