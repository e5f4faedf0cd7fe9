import type { DeclaredModel } from "../../model/model.ts";
import { expect, test } from "vitest";
import { type UnsplitItem, itemCollector } from "./item-collector.ts";
import type { TempLines } from "./temp-lines.ts";

const model = {
  name: "plans",
  task: "object-detection",
  classes: ["door", "wall"],
} as unknown as DeclaredModel;
const options = {
  seed: 1,
  split: { train: 0.7, validation: 0.15, test: 0.15 },
  caps: {},
  weights: "none" as const,
};
const door = (x: number, y: number, width: number, height: number) => [
  { class: "door", x, y, width, height },
];

test.each<[string, Partial<UnsplitItem>, string | undefined]>([
  ["a box inside the image", { boxes: door(1, 1, 20, 20) }, undefined],
  ["an image without boxes", { boxes: [] }, undefined],
  ["a box rounded outwards", { boxes: door(-1, 0, 102, 80) }, undefined],
  ["a box too far outside for rounding", { boxes: door(0, 0, 101.01, 80) }, "BOX_OUTSIDE"],
  ["an empty box", { boxes: door(1, 1, 0, 4) }, "BOX_INVALID"],
  ["a box drawn backwards", { boxes: door(9, 9, -4, -4) }, "BOX_INVALID"],
  ["a box next to the image", { boxes: door(200, 1, 5, 5) }, "BOX_OUTSIDE"],
  ["a box half outside", { boxes: door(-50, 1, 100, 5) }, "BOX_OUTSIDE"],
  [
    "boxes for another image size",
    { boxes: door(1, 1, 20, 20), stated: { width: 200, height: 160 } },
    "IMAGE_SIZE_DIFFERS",
  ],
])("%s is checked before training uses it", async (_what, found, code) => {
  const lines: string[] = [];
  const written = { write: async (line: string) => void lines.push(line) } as unknown as TempLines;
  const collector = itemCollector(model, options, written);
  await collector.add({ file: "data/plans/1.png", width: 100, height: 80, hash: "0".repeat(32), ...found });
  const { columns, problems, unusable } = collector.done();
  expect(problems.map((one) => one.code)).toEqual(code === undefined ? [] : [code]);
  expect({ items: columns.count, lines: lines.length }).toEqual(
    code === undefined ? { items: 1, lines: 1 } : { items: 0, lines: 0 },
  );
  expect(unusable[0]).toBe(code === undefined ? 0 : 1);
});

test("a box rounded outwards is clipped to its image in the dataset's lines; other boxes are unchanged", async () => {
  const lines: string[] = [];
  const written = { write: async (line: string) => void lines.push(line) } as unknown as TempLines;
  const boxes = [...door(-0.5, 70.1, 100.9, 10.4), ...door(0.1, 0.2, 0.2, 0.4)];
  const found = { file: "data/plans/1.png", width: 100, height: 80, hash: "0".repeat(32), boxes };
  await itemCollector(model, options, written).add(found);
  expect(JSON.parse(lines[0]!)).toEqual({
    ...found,
    boxes: [...door(0, 70.1, 100, 80 - 70.1), ...door(0.1, 0.2, 0.2, 0.4)],
  });
});
