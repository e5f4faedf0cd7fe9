import { expect, test } from "vitest";
import { parseBoxes } from "./boxes.ts";

test("a JSON array of boxes is parsed", () => {
  const boxes = [{ class: "door", x: 4, y: 8, width: 30, height: 12 }];
  expect(parseBoxes(JSON.stringify(boxes), "--boxes")).toEqual(boxes);
  expect(parseBoxes("[]", "--boxes")).toEqual([]);
});

test.each(["[door]", "{}", ""])("%o fails as wrong usage, with its source", (text) => {
  expect(() => parseBoxes(text, "boxes.json")).toThrow(
    expect.objectContaining({
      code: "BOXES_INVALID",
      exit: 2,
      message: expect.stringContaining("boxes.json"),
    }),
  );
});
