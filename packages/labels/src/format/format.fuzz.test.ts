// Label files of any content are read as items and problems. Only an unknown label format is an error.
import { test } from "vitest";
import { damaged, jsonLike, neverBreaks, textOf } from "../../../../test/support/fuzz.ts";
import { pictures } from "../image/pictures.fixture.ts";
import { LabelError } from "../error.ts";
import type { FormatName } from "./format.ts";
import { readAll } from "./dataset.fixture.ts";

const isLabelError = (error: unknown) => error instanceof LabelError;
const png = Object.values(pictures)[0]!;

const coco = {
  images: [{ id: 1, file_name: "a.png", width: 4, height: 4 }],
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 2, 2], area: 4 }],
  categories: [{ id: 1, name: "cat" }],
};
const object =
  "<object><name>cat</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object>";
const voc = `<annotation><filename>a.png</filename><size><width>4</width><height>4</height></size>${object}</annotation>`;
const manifestLine = {
  "source-ref": "s3://b/a.png",
  boxes: {
    image_size: [{ width: 4, height: 4 }],
    annotations: [{ class_id: 0, left: 0, top: 0, width: 2, height: 2 }],
  },
  "boxes-metadata": {
    "class-map": { "0": "cat" },
    type: "groundtruth/object-detection",
    "human-annotated": "yes",
  },
};
const yaml = "names: [cat, dog]\ntrain: images\nval: images\n";

const cases: Array<[FormatName, string, string, Record<string, string>]> = [
  ["csv", "labels.csv", 'file,label,x,y,width,height\na.png,cat,1,1,2,2\n"b,\n.png",dog,,,,\n', {}],
  [
    "jsonl",
    "labels.jsonl",
    '{"file":"a.png","label":"cat"}\n{"file":"b.png","boxes":[{"class":"cat","x":1,"y":1,"width":2,"height":2}]}\n',
    {},
  ],
  ["coco", "instances.json", JSON.stringify(coco), {}],
  ["yolo", "labels/a.txt", "0 0.5 0.5 0.2 0.2\n1 0.1 0.1 0.1 0.1 0.9\n", { "data.yaml": yaml }],
  ["yolo", "data.yaml", yaml, { "labels/a.txt": "0 0.5 0.5 0.2 0.2\n" }],
  ["voc", "a.xml", voc, {}],
  [
    "manifest",
    "output.manifest",
    `${JSON.stringify(manifestLine)}\n{"source":"text","label":0,"label-metadata":{"class-name":"cat"}}\n`,
    {},
  ],
];

test.each(cases)("%s: a damaged %s", async (format, file, valid, others) => {
  const read = (text: string | Uint8Array) =>
    readAll({ "a.png": png, "images/a.png": png, ...others, [file]: text }, { format });
  await read(valid);
  await neverBreaks(damaged(valid), read, isLabelError);
});

test.each([
  ["coco", "instances.json", coco],
  ["manifest", "output.manifest", manifestLine],
  [
    "jsonl",
    "labels.jsonl",
    { file: "a.png", label: "cat", boxes: [{ class: "cat", x: 1, y: 1, width: 1, height: 1 }] },
  ],
] as const)("%s: JSON of any shape in %s", async (format, file, valid) => {
  await neverBreaks(
    jsonLike(valid),
    (text) => readAll({ "a.png": png, [file]: text }, { format }),
    isLabelError,
  );
});

test.each([
  [
    "csv",
    "labels.csv",
    ["file", "label", ",", ";", "\t", '"', '""', "\n", "\r\n", "\r", "a.png", "cat", "\ufeff"],
  ],
  [
    "voc",
    "a.xml",
    [
      "<annotation>",
      "</annotation>",
      "<object>",
      "</object>",
      "<name>",
      "&amp;",
      "&#x0;",
      "&lol;",
      "<!DOCTYPE a [<!ENTITY lol 'x'>]>",
      "<![CDATA[",
      "]]>",
      "<bndbox/>",
      "<__proto__>",
    ],
  ],
  [
    "yolo",
    "data.yaml",
    [
      "names:",
      " ",
      "\n",
      "- cat",
      "[",
      "]",
      "{",
      "}",
      "&a",
      "*a",
      "0: x",
      "!!js/function",
      "train: ",
      "<<: ",
      "|",
    ],
  ],
] as const)("%s: any text in %s", async (format, file, pieces) => {
  const others = { "labels/a.txt": "0 0.5 0.5 0.2 0.2\n", "images/a.png": png, "a.png": png };
  await neverBreaks(
    textOf(...pieces),
    (text) => readAll({ ...others, [file]: text }, { format }),
    isLabelError,
  );
});

test("format detection accepts any files", async () => {
  await neverBreaks(
    jsonLike(coco),
    (text) => readAll({ "a.json": text, "a.txt": text, "a.png": png }),
    isLabelError,
  );
});
