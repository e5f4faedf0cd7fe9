import { expect, test } from "vitest";
import { Drawing } from "./drawing.ts";

const size = { width: 100, height: 60 };
const bird = { class: "bird", x: 10, y: 12, width: 30, height: 20 };
const drone = { class: "drone", x: 50, y: 10, width: 70, height: 20 };
const open = () => new Drawing(size, ["drone", "bird"], [bird, drone]);

test("a drawing starts with the given boxes, clipped to the image", () => {
  const drawing = open();
  expect(drawing.boxes.value).toEqual([bird, { ...drone, width: 50 }]);
  expect(drawing.changed.value).toBe(false);
});

test("every change has a message and is undone in reverse order", () => {
  const drawing = open();
  const before = drawing.boxes.value;
  drawing.select(0);
  drawing.setClass("drone");
  expect(drawing.message.value).toBe("bird changed to drone");
  drawing.add();
  expect(drawing.message.value).toBe("drone added: 50 × 30 at 25, 15");
  expect(drawing.selected.value).toBe(2);
  drawing.remove();
  expect(drawing.message.value).toBe("drone deleted, 2 left");
  for (let step = 0; step < 3; step++) drawing.undo();
  expect(drawing.boxes.value).toEqual(before);
  expect(drawing.selected.value).toBe(0);
  expect(drawing.changed.value).toBe(false);
  drawing.undo();
  expect(drawing.boxes.value).toEqual(before);
});

test("the changes of a key that is held down are one undo step", () => {
  const drawing = open();
  for (let x = 11; x < 20; x++) drawing.put(0, { ...bird, x }, "keys 0");
  expect(drawing.boxes.value[0]).toMatchObject({ x: 19 });
  drawing.undo();
  expect(drawing.boxes.value[0]).toEqual(bird);
});

test("a drag is visible, and canceling it changes nothing", () => {
  const drawing = open();
  drawing.drag(2, { ...bird, x: 60 });
  expect(drawing.boxes.value).toHaveLength(3);
  drawing.drag(2, undefined);
  expect(drawing.boxes.value).toHaveLength(2);
  expect(drawing.changed.value).toBe(false);
});

test("deleting the last box leaves no boxes, which can be saved", () => {
  const drawing = open();
  drawing.select(1);
  drawing.remove();
  drawing.remove();
  expect(drawing.boxes.value).toEqual([]);
  expect(drawing.selected.value).toBeUndefined();
  expect(drawing.changed.value).toBe(true);
  drawing.setClass("bird");
  drawing.add();
  expect(drawing.boxes.value).toMatchObject([{ class: "bird" }]);
});

test("a locked drawing does not change", () => {
  const drawing = open();
  drawing.select(0);
  drawing.remove();
  drawing.locked.value = true;
  drawing.add();
  drawing.undo();
  expect(drawing.boxes.value).toHaveLength(1);
});
