import { expect, test } from "vitest";
import { identifyDetections, withDetectionIds } from "./detection-id.ts";

const box = { x: 10, y: 20, width: 30, height: 40 };
const door = { class: "door", box };
const wall = { class: "wall", box };
const window = { class: "window", box: { ...box, x: 300 } };
const idsOf = (prediction: string, found: (typeof door)[]) =>
  Object.fromEntries(
    identifyDetections(prediction, found).map((one) => [`${one.class} ${one.box.x}`, one.id]),
  );

test("ids are unique in a result, and the same in another order of its boxes", () => {
  const ids = idsOf("prd_1", [door, wall, window]);
  expect(new Set(Object.values(ids)).size).toBe(3);
  for (const id of Object.values(ids)) expect(id).toMatch(/^det_[0-9a-f]{12}$/);
  expect(idsOf("prd_1", [window, wall, door])).toEqual(ids);
});

test("a repeat on another processor gives the same ids; another prediction gives other ids", () => {
  const moved = { ...door, box: { ...box, x: 10.000_01 } };
  expect(identifyDetections("prd_1", [moved])[0]!.id).toBe(identifyDetections("prd_1", [door])[0]!.id);
  expect(identifyDetections("prd_2", [door])[0]!.id).not.toBe(identifyDetections("prd_1", [door])[0]!.id);
});

test("two equal boxes have two ids", () => {
  const [one, other] = identifyDetections("prd_1", [door, door]);
  expect(one!.id).not.toBe(other!.id);
});

test("a stored id is kept, and a box below the threshold has an id too", () => {
  const result = { id: "prd_1", detections: [{ ...door, id: "det_stored" }], doubtful: [window] };
  const read = withDetectionIds<{ id?: string } & typeof door, object>(result);
  expect(read.detections[0]!.id).toBe("det_stored");
  expect(read.doubtful[0]!.id).toBe(identifyDetections("prd_1", [window])[0]!.id);
});
