import { expect, test } from "vitest";
import type { Box } from "./box.ts";
import { findClicked, visibleGrips, findGrab } from "./grab.ts";

const room: Box = { class: "room", x: 10, y: 10, width: 80, height: 80 };
const door: Box = { class: "door", x: 40, y: 40, width: 20, height: 20 };
const boxes = [room, door];
const REACH = 4;

test("a drag draws outside of boxes and inside of boxes that are not selected", () => {
  expect(findGrab(boxes, undefined, { x: 2, y: 2 }, REACH)).toEqual({ action: "draw" });
  expect(findGrab(boxes, undefined, { x: 25, y: 25 }, REACH)).toEqual({ action: "draw" });
  expect(findGrab(boxes, 1, { x: 25, y: 25 }, REACH)).toEqual({ action: "draw" });
});

test("the selected box moves at its inside, any box at its border", () => {
  expect(findGrab(boxes, 0, { x: 25, y: 25 }, REACH)).toEqual({ action: "move", at: 0 });
  expect(findGrab(boxes, undefined, { x: 11, y: 50 }, REACH)).toEqual({ action: "move", at: 0 });
  expect(findGrab(boxes, undefined, { x: 39, y: 50 }, REACH)).toEqual({ action: "move", at: 1 });
});

test("the selected box is resized at its corners and at long sides", () => {
  const corner = { action: "resize", at: 0, grip: { across: 1, down: 1 } };
  expect(findGrab(boxes, 0, { x: 92, y: 88 }, REACH)).toEqual(corner);
  expect(findGrab(boxes, 0, { x: 50, y: 9 }, REACH)).toMatchObject({ grip: { across: 0, down: -1 } });
  expect(visibleGrips(room, REACH)).toHaveLength(8);
  expect(visibleGrips({ ...door, width: 10, height: 10 }, REACH)).toHaveLength(4);
});

test("a box of a few pixels can be moved on a touch screen", () => {
  const dot = [{ ...door, width: 6, height: 6 }];
  expect(findGrab(dot, 0, { x: 43, y: 43 }, 40)).toEqual({ action: "move", at: 0 });
});

test("a click selects the smallest box, the next click the box around it", () => {
  const at = { x: 50, y: 50 };
  expect(findClicked(boxes, undefined, at, REACH)).toBe(1);
  expect(findClicked(boxes, 1, at, REACH)).toBe(0);
  expect(findClicked(boxes, 0, at, REACH)).toBe(1);
  expect(findClicked(boxes, 0, { x: 2, y: 2 }, REACH)).toBeUndefined();
});

test("a box of a hidden class is neither selected nor moved", () => {
  const isShown = (at: number) => at !== 1;
  expect(findClicked(boxes, undefined, { x: 50, y: 50 }, REACH, isShown)).toBe(0);
  expect(findGrab(boxes, undefined, { x: 39, y: 50 }, REACH, isShown)).toEqual({ action: "draw" });
});
