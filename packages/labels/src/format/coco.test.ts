import { expect, test } from "vitest";
import { pictures } from "../image/pictures.fixture.ts";
import { readElements } from "./json-elements.ts";
import { readAll } from "./dataset.fixture.ts";

/** 20 by 10 pixels. */
const png = pictures["image/png"]!;

test("COCO: sparse category ids, crowds, images without annotations, splits by file name", async () => {
  const coco = {
    info: { description: 'a } [ " trap \\' },
    licenses: [{ id: 1, name: "x" }],
    annotations: [
      {
        id: 7,
        image_id: 2,
        category_id: 90,
        bbox: [1, 2, 3, 4],
        area: 9.5,
        iscrowd: 1,
        segmentation: { counts: "a]b", size: [1, 2] },
      },
      { id: 8, image_id: 2, category_id: 5, bbox: [0, 0, 1, 1], area: 1, iscrowd: 0, segmentation: [] },
    ],
    images: [
      { id: 2, file_name: "a.png", width: 20, height: 10, license: 1 },
      { id: 3, file_name: "b.png", width: 20, height: 10 },
    ],
    categories: [
      { id: 5, name: "mouse" },
      { id: 90, name: 'tooth, "brush"', supercategory: "indoor" },
    ],
  };
  const files = {
    "annotations/instances_val2017.json": `\uFEFF${JSON.stringify(coco, null, 1)}`,
    "images/a.png": png,
    "images/b.png": png,
  };
  const { items, problems } = await readAll(files, { folders: ["images/"] });
  expect(problems).toEqual([]);
  expect(items).toMatchObject([
    {
      file: "images/a.png",
      split: "validation",
      extra: { id: 2, license: 1 },
      boxes: [{ class: 'tooth, "brush"', x: 1, extra: { id: 7, iscrowd: 1 } }, { class: "mouse" }],
    },
    { file: "images/b.png", boxes: [] },
  ]);
});

const cocoWith = (change: object) => ({
  "a.json": JSON.stringify({
    images: [{ id: 1, file_name: "a.png" }],
    categories: [{ id: 1, name: "x" }],
    annotations: [],
    ...change,
  }),
});

test.each([
  [
    "an unknown category",
    cocoWith({ annotations: [{ image_id: 1, category_id: 9, bbox: [1, 1, 1, 1] }] }),
    ["FIELD_INVALID"],
  ],
  [
    "an unknown image",
    cocoWith({ annotations: [{ image_id: 9, category_id: 1, bbox: [1, 1, 1, 1] }] }),
    ["REFERENCE_UNKNOWN"],
  ],
  [
    "a box of three numbers",
    cocoWith({ annotations: [{ image_id: 1, category_id: 1, bbox: [1, 1, 1] }] }),
    ["FIELD_INVALID"],
  ],
  [
    "a box with a null",
    cocoWith({ annotations: [{ image_id: 1, category_id: 1, bbox: [1, 1, 1, null] }] }),
    ["FIELD_INVALID"],
  ],
  ["a path outside", cocoWith({ images: [{ id: 1, file_name: "../../a.png" }] }), ["PATH_UNSAFE"]],
  [
    "a repeated image id",
    cocoWith({
      images: [
        { id: 1, file_name: "a.png" },
        { id: 1, file_name: "b.png" },
      ],
    }),
    ["FIELD_INVALID"],
  ],
  ["an image without a name", cocoWith({ images: [{ id: 1 }] }), ["FIELD_MISSING"]],
  [
    "a truncated file",
    { "a.json": '{"images": [{"id": 1, "file_name": "a.png"}, {"id"' },
    ["LABELS_UNREADABLE"],
  ],
  [
    "an endless entry",
    { "a.json": `{"images": [{"id": 1, "file_name": "${"a".repeat(4_300_000)}"}]}` },
    ["LABELS_UNREADABLE"],
  ],
])("COCO with %s is reported", async (_kind, files, codes) => {
  expect((await readAll(files, { format: "coco" })).codes).toEqual(codes);
});

test("elements of a JSON file are complete for any chunk size", async () => {
  const text = '{"a": [1, {"x": "]}\\"", "y": [[2], {}]}, "é,"], "skip": {"b": [1]}, "b": [], "c": [null]}';
  for (const size of [1, 2, 3, 7, 1_000]) {
    const found: string[] = [];
    const cut = async function* () {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    };
    for await (const { name, index, json } of readElements(cut(), new Set(["a", "b", "c"])))
      found.push(`${name}${index}=${json}`);
    expect(found).toEqual(["a0=1", 'a1={"x": "]}\\"", "y": [[2], {}]}', 'a2="é,"', "c0=null"]);
  }
});
