import { expect, test } from "vitest";
import type { Box } from "./box.ts";
import { clickedAt, gripsOf, holdAt } from "./hold.ts";

const room: Box = { class: "room", x: 10, y: 10, width: 80, height: 80 };
const door: Box = { class: "door", x: 40, y: 40, width: 20, height: 20 };
const boxes = [room, door];
const REACH = 4;

test("a drag draws in the open and inside of boxes that are not selected", () => {
  expect(holdAt(boxes, undefined, { x: 2, y: 2 }, REACH)).toEqual({ does: "draw" });
  expect(holdAt(boxes, undefined, { x: 25, y: 25 }, REACH)).toEqual({ does: "draw" });
  expect(holdAt(boxes, 1, { x: 25, y: 25 }, REACH)).toEqual({ does: "draw" });
});

test("the selected box is moved by its inside, any by its border", () => {
  expect(holdAt(boxes, 0, { x: 25, y: 25 }, REACH)).toEqual({ does: "move", at: 0 });
  expect(holdAt(boxes, undefined, { x: 11, y: 50 }, REACH)).toEqual({ does: "move", at: 0 });
  expect(holdAt(boxes, undefined, { x: 39, y: 50 }, REACH)).toEqual({ does: "move", at: 1 });
});

test("the selected box is resized by its corners, and by its sides where they are long", () => {
  const corner = { does: "resize", at: 0, grip: { across: 1, down: 1 } };
  expect(holdAt(boxes, 0, { x: 92, y: 88 }, REACH)).toEqual(corner);
  expect(holdAt(boxes, 0, { x: 50, y: 9 }, REACH)).toMatchObject({ grip: { across: 0, down: -1 } });
  expect(gripsOf(room, REACH)).toHaveLength(8);
  expect(gripsOf({ ...door, width: 10, height: 10 }, REACH)).toHaveLength(4);
});

test("a box of a few pixels can still be moved under a thumb", () => {
  const dot = [{ ...door, width: 6, height: 6 }];
  expect(holdAt(dot, 0, { x: 43, y: 43 }, 40)).toEqual({ does: "move", at: 0 });
});

test("a click selects the smallest box there, the next click the one around it", () => {
  const at = { x: 50, y: 50 };
  expect(clickedAt(boxes, undefined, at, REACH)).toBe(1);
  expect(clickedAt(boxes, 1, at, REACH)).toBe(0);
  expect(clickedAt(boxes, 0, at, REACH)).toBe(1);
  expect(clickedAt(boxes, 0, { x: 2, y: 2 }, REACH)).toBeUndefined();
});
