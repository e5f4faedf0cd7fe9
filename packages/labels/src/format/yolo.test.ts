import { expect, test } from "vitest";
import { pictures } from "../image/pictures.fixture.ts";
import { overlay } from "./collection.ts";
import { readLabels } from "./formats.ts";
import { readAll, collectionOf } from "./dataset.fixture.ts";

/** 20 by 10 pixels. */
const png = pictures["image/png"]!;

test("YOLO: layouts of trainers and labeling tools, and an archive with labels only", async () => {
  const yaml = "train: ../train/images\nnc: 2\nnames: ['cat', 'dog']\n";
  const label = "1 0.5 0.5 0.5 0.4\r\n";
  const expected = [
    { boxes: [{ class: "dog", x: 5, y: 3, width: 10, height: 4 }], image: { width: 20, height: 10 } },
  ];
  const roboflow = await readAll({
    "data.yaml": yaml,
    "train/images/a.png": png,
    "train/labels/a.txt": label,
  });
  expect(roboflow.items).toMatchObject([{ ...expected[0], split: "train" }]);
  const beside = await readAll({ "classes.txt": "cat\ndog\n", "a.png": png, "a.txt": label });
  expect(beside.items).toMatchObject(expected);
  const alone = await readAll(
    { "labels/a.txt": label, "elsewhere/a.png.bak": "" },
    { format: "yolo", classes: ["cat", "dog"] },
  );
  expect(alone.codes).toEqual(["FILE_MISSING"]);
  const pictures = collectionOf({ "data/cats/in/a.png": png });
  const archive = overlay(collectionOf({ "classes.txt": "cat\ndog", "labels/in/a.txt": label }), pictures);
  const found = await Array.fromAsync(readLabels(archive, { folders: ["data/cats/"] }));
  expect(found).toMatchObject([{ ...expected[0], file: "data/cats/in/a.png" }]);
});

test("YOLO: polygons become their bounding boxes, and confidences are kept", async () => {
  const { items } = await readAll({
    "data.yaml": "names: {0: cat}",
    "images/a.png": png,
    "labels/a.txt": "0 0.1 0.2 0.3 0.2 0.2 0.6\n0 0.5 0.5 0.2 0.2 0.75\n",
  });
  expect(items[0]!.boxes).toEqual([
    { class: "cat", x: 2, y: 2, width: 4, height: 4, extra: { polygon: [0.1, 0.2, 0.3, 0.2, 0.2, 0.6] } },
    { class: "cat", x: 8, y: 4, width: 4, height: 2, confidence: 0.75 },
  ]);
});

test.each([
  ["a class beyond the names", "9 0.5 0.5 0.1 0.1\n0 0.5 0.5 0.2 0.2\n", ["REFERENCE_UNKNOWN:1"]],
  ["a line of words", "cat 0.5 0.5 0.1 0.1\n0 0.5 0.5 0.2 0.2\n", ["LINE_BROKEN:1"]],
  ["too few numbers", "0 0.5 0.5\n0 0.5 0.5 0.2 0.2\n", ["LINE_BROKEN:1"]],
  ["an infinite number", "0 0.5 0.5 1e999 0.1\n0 0.5 0.5 0.2 0.2\n", ["LINE_BROKEN:1"]],
])("YOLO with %s loses that line only", async (_kind, label, codes) => {
  const read = await readAll({ "data.yaml": "names: [cat]", "images/a.png": png, "labels/a.txt": label });
  expect(read.codes).toEqual(codes);
  expect(read.items[0]!.boxes).toHaveLength(1);
});

test.each([
  ["names that are not a list", "names: 3", "LABELS_UNREADABLE"],
  ["aliases that multiply", `a: &a [x,x]\nb: &b [*a,*a]\nnames: *b`, "LABELS_UNREADABLE"],
  ["invalid YAML", "names: [a\n: {", "LABELS_UNREADABLE"],
])("a data.yaml with %s is reported", async (_kind, yaml, code) => {
  const { codes } = await readAll({ "data.yaml": yaml, "images/a.png": png, "labels/a.txt": "" });
  expect(codes).toContain(code);
});

test("YOLO: an invalid number loses its line only", async () => {
  const { items, codes } = await readAll({
    "data.yaml": "names: {0: cat}",
    "images/a.png": png,
    "labels/a.txt": "0 1e308 0.5 0.2 0.2\n0 0.5 0.5 1e-200 0.2\n0 0.5 0.5 0.2 0.2\n",
  });
  expect(codes).toEqual(["LINE_BROKEN:1", "LINE_BROKEN:2"]);
  expect(items[0]!.boxes).toHaveLength(1);
});
