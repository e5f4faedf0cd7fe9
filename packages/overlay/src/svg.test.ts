import { expect, test } from "vitest";
import { overlaySvg } from "./svg.ts";

const image = "data:image/png;base64,AAAA";
const size = { width: 500, height: 250 };
const box = { class: "a<b", x: 10, y: 20, width: 200, height: 100 };

test("the file has the image, the outlines, the names and a legend with counts", () => {
  const svg = overlaySvg({ image, size, boxes: [box, { ...box, x: 250 }], classes: ["a<b"] });
  expect(svg).toContain(`<image href="${image}" width="1000" height="500"/>`);
  expect(svg).toContain(`d="M10,20h200v100h-200zM250,20h200v100h-200z"`);
  expect(svg.match(/>a&lt;b<\/text>/g)).toHaveLength(2);
  expect(svg).toContain(">a&lt;b 2</text>");
  expect(svg).not.toContain("<b");
  expect(svg).toContain('viewBox="0 0 1000 527"');
});

test("without boxes it has no legend", () => {
  expect(overlaySvg({ image, size, boxes: [], classes: [] })).toContain('viewBox="0 0 1000 500"');
});

test("a legend that does not fit into one row has more", () => {
  const names = Array.from({ length: 40 }, (_, index) => `class number ${index}`);
  const boxes = names.map((name) => ({ ...box, class: name }));
  const height = Number(
    /viewBox="0 0 1000 (\d+)"/.exec(overlaySvg({ image, size, boxes, classes: names }))![1],
  );
  expect(height).toBeGreaterThan(560);
});
