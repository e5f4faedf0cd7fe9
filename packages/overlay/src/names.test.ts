import { expect, test } from "vitest";
import type { OverlayBox, Rect } from "./box.ts";
import { sharedArea } from "./cells.ts";
import { forceName, nameWidth, placeNames } from "./names.ts";

const image = { width: 400, height: 300 };
const box = (name: string, x: number, y: number, width: number, height: number): OverlayBox => ({
  class: name,
  x,
  y,
  width,
  height,
});
const overlapping = (rects: readonly Rect[]) =>
  rects.flatMap((one, at) => rects.slice(at + 1).filter((other) => sharedArea(one, other) > 0));

test("a large box has its name inside, a flat one above", () => {
  const [room, wall] = placeNames([box("room", 10, 10, 300, 200), box("wall", 40, 250, 200, 6)], 1, image);
  expect(room).toMatchObject({ at: 0, text: "room", x: 10, y: 10 });
  expect(wall).toMatchObject({ at: 1, text: "wall", x: 40, y: 235 });
});

test("names do not overlap and stay in the image, even for many boxes in one place", () => {
  const many = Array.from({ length: 300 }, (_, index) =>
    box("furniture", (index * 37) % 340, (index * 53) % 260, 60, 40),
  );
  const names = placeNames(many, 1, image);
  expect(names.length).toBeGreaterThan(20);
  expect(overlapping(names)).toEqual([]);
  for (const { x, y, width, height } of names) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(image.width);
    expect(y + height).toBeLessThanOrEqual(image.height);
  }
});

test("a name does not cover a small box", () => {
  const door = box("door", 12, 12, 8, 8);
  const [room] = placeNames([box("room", 10, 10, 300, 200), door], 1, image);
  expect(room!.text).toBe("room");
  expect(sharedArea(room!, door)).toBe(0);
});

test("a box that is shorter than its name has one when it is enlarged", () => {
  const door = box("door", 100, 100, 12, 12);
  expect(placeNames([door], 1, image)).toEqual([]);
  const [name] = placeNames([door], 4, image);
  expect(name).toMatchObject({ text: "door", width: nameWidth("door") });
});

test("a forced name stays in the image", () => {
  expect(forceName(box("door", 395, 0, 5, 5), "door 92 %", 2, image)).toMatchObject({
    x: 800 - nameWidth("door 92 %"),
    y: 0,
  });
});
