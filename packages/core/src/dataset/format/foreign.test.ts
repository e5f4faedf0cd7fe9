// Label files as the tools of others write them, and as nobody should.
import { expect, test } from "vitest";
import { pictures } from "../../object/pictures.fixture.ts";
import { labelsFor } from "./collection.ts";
import { readLabels } from "./formats.ts";
import { elements } from "./json-elements.ts";
import { readAll, setOf } from "./set.fixture.ts";

/** 20 by 10 pixels. */
const png = pictures["image/png"]!;
const line = (value: unknown) => `${JSON.stringify(value)}\n`;

test("Ground Truth: classes by number or text, with the job's facts", async () => {
  const metadata = {
    confidence: 0.09,
    "job-name": "labeling-job/birds",
    "class-name": "heron",
    "human-annotated": "yes",
    "creation-date": "2018-10-18T22:18:13.527256",
    type: "groundtruth/image-classification",
  };
  const { items } = await readAll({
    "output.manifest":
      line({ "source-ref": "s3://birds/photos/1.jpg", species: 4, "species-metadata": metadata }) +
      line({
        "source-ref": "s3://birds/photos/2.jpg",
        species: "4",
        "species-metadata": metadata,
        camera: "north",
      }),
  });
  expect(items).toMatchObject([
    {
      file: "photos/1.jpg",
      label: "heron",
      confidence: 0.09,
      source: "labeling-job/birds",
      labelledAt: "2018-10-18T22:18:13.527256Z",
    },
    { file: "photos/2.jpg", label: "heron", extra: { camera: "north", attribute: "species" } },
  ]);
});

test("Ground Truth: boxes, the last of chained jobs, and objects nobody could label", async () => {
  const boxes = (left: number) => ({
    image_size: [{ width: 500, height: 400, depth: 3 }],
    annotations: [{ class_id: 0, left, top: 2, width: 3, height: 4 }],
  });
  const metadata = {
    objects: [{ confidence: 0.8 }],
    "class-map": { "0": "dog" },
    type: "groundtruth/object-detection",
  };
  const { items, codes } = await readAll({
    "output.manifest":
      line({
        "source-ref": "s3://b/1.jpg",
        first: boxes(1),
        "first-metadata": metadata,
        adjusted: boxes(9),
        "adjusted-metadata": { ...metadata, "adjustment-status": "adjusted" },
      }) +
      line({
        "source-ref": "s3://b/2.jpg",
        first: {},
        "first-metadata": { "failure-reason": "ClientError: too large" },
      }) +
      line({ "source-ref": "s3://b/3.jpg" }) +
      line({
        "source-ref": "s3://b/4.jpg",
        first: [0, 1],
        "first-metadata": { "class-map": { "0": "dog" } },
      }) +
      line({
        "source-ref": "s3://b/5.jpg",
        first: { image_size: [], annotations: [{ class_id: 7, left: 1, top: 1, width: 1, height: 1 }] },
        "first-metadata": metadata,
      }) +
      "{broken\n" +
      line({ other: 1 }),
  });
  expect(items.map(({ file, boxes: found }) => [file, found?.[0]?.x])).toEqual([
    ["1.jpg", 9],
    ["2.jpg", undefined],
    ["3.jpg", undefined],
  ]);
  expect(items[0]).toMatchObject({
    image: { width: 500, height: 400 },
    boxes: [{ class: "dog", confidence: 0.8 }],
  });
  expect(codes).toEqual([
    "LABELLING_FAILED:2",
    "LABEL_KIND_UNSUPPORTED:4",
    "REFERENCE_UNKNOWN:5",
    "LINE_BROKEN:6",
    "FIELD_MISSING:7",
  ]);
});

test("COCO: sparse category numbers, crowds, empty pictures, splits by the file's name", async () => {
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
    "an unknown picture",
    cocoWith({ annotations: [{ image_id: 9, category_id: 1, bbox: [1, 1, 1, 1] }] }),
    ["REFERENCE_UNKNOWN"],
  ],
  [
    "a box of three numbers",
    cocoWith({ annotations: [{ image_id: 1, category_id: 1, bbox: [1, 1, 1] }] }),
    ["FIELD_INVALID"],
  ],
  [
    "a box with nothing in it",
    cocoWith({ annotations: [{ image_id: 1, category_id: 1, bbox: [1, 1, 1, null] }] }),
    ["FIELD_INVALID"],
  ],
  ["a path outside", cocoWith({ images: [{ id: 1, file_name: "../../a.png" }] }), ["PATH_UNSAFE"]],
  [
    "a picture's number twice",
    cocoWith({
      images: [
        { id: 1, file_name: "a.png" },
        { id: 1, file_name: "b.png" },
      ],
    }),
    ["FIELD_INVALID"],
  ],
  ["a picture without a name", cocoWith({ images: [{ id: 1 }] }), ["FIELD_MISSING"]],
  [
    "the file's middle as its end",
    { "a.json": '{"images": [{"id": 1, "file_name": "a.png"}, {"id"' },
    ["LABELS_UNREADABLE"],
  ],
  [
    "an entry without end",
    { "a.json": `{"images": [{"id": 1, "file_name": "${"a".repeat(4_300_000)}"}]}` },
    ["LABELS_UNREADABLE"],
  ],
])("COCO with %s says so", async (_kind, files, codes) => {
  expect((await readAll(files, { format: "coco" })).codes).toEqual(codes);
});

test("the entries of a JSON file come whole however the bytes are cut", async () => {
  const text = '{"a": [1, {"x": "]}\\"", "y": [[2], {}]}, "é,"], "skip": {"b": [1]}, "b": [], "c": [null]}';
  for (const size of [1, 2, 3, 7, 1_000]) {
    const found: string[] = [];
    const cut = async function* () {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    };
    for await (const { name, index, json } of elements(cut(), new Set(["a", "b", "c"])))
      found.push(`${name}${index}=${json}`);
    expect(found).toEqual(["a0=1", 'a1={"x": "]}\\"", "y": [[2], {}]}', 'a2="é,"', "c0=null"]);
  }
});

const annotation = (inside: string) => `<annotation>${inside}</annotation>`;
const box =
  "<object><name>cat</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>11</xmax><ymax>8</ymax></bndbox></object>";

test("VOC: pictures beside, in their folder, or where VOC's own sets have them", async () => {
  for (const [path, picture, said] of [
    ["Annotations/1.xml", "JPEGImages/1.png", "<folder>VOC2007</folder><filename>1.png</filename>"],
    ["train/1.xml", "train/1.png", "<filename>1.png</filename><path>/home/me/x/1.png</path>"],
    ["Annotations/1.xml", "photos/1.png", "<folder>photos</folder><filename>1.png</filename>"],
  ] as const) {
    const { items, problems } = await readAll({ [path]: annotation(said + box), [picture]: png });
    expect(problems).toEqual([]);
    expect(items).toMatchObject([
      { file: picture, boxes: [{ class: "cat", x: 1, y: 2, width: 10, height: 6 }] },
    ]);
  }
});

test("VOC: what tools add is kept, and references to characters are read", async () => {
  const { items } = await readAll({
    "1.xml": annotation(
      `<filename>&#233; &amp; b.png</filename><segmented>0</segmented>${box.replace("</name>", "</name><pose>Left</pose><difficult>1</difficult>")}`,
    ),
  });
  expect(items).toMatchObject([
    { file: "é & b.png", extra: { segmented: "0" }, boxes: [{ extra: { pose: "Left", difficult: "1" } }] },
  ]);
});

test.each([
  [
    "a document type",
    `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${annotation("<filename>&x;</filename>")}`,
    ["LABELS_UNREADABLE"],
  ],
  [
    "a billion laughs",
    `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${annotation("<filename>&b;</filename>")}`,
    ["LABELS_UNREADABLE"],
  ],
  ["an open element", "<annotation><filename>a.png</filename>", ["LABELS_UNREADABLE:1"]],
  [
    "a hundred thousand elements inside each other",
    `<annotation>${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}</annotation>`,
    ["LABELS_UNREADABLE"],
  ],
  [
    "elements named to break the program",
    annotation("<__proto__><x/></__proto__><filename>a.png</filename>"),
    ["LABELS_UNREADABLE"],
  ],
  ["no file name", annotation(box), ["FIELD_MISSING"]],
  ["a path outside", annotation(`<filename>../../../a.png</filename>${box}`), ["FIELD_MISSING"]],
  [
    "a box without a side",
    annotation(`<filename>a.png</filename>${box.replace(/<xmin>1<.xmin>/, "")}`),
    ["FIELD_INVALID"],
  ],
  [
    "an object without a name",
    annotation(`<filename>a.png</filename>${box.replace("cat", "")}`),
    ["FIELD_INVALID"],
  ],
])("VOC with %s says so", async (_kind, xml, codes) => {
  expect((await readAll({ "a.xml": xml }, { format: "voc" })).codes).toEqual(codes);
});

test("YOLO: as trainers lay it out, as labelling tools do, and as an archive of labels alone", async () => {
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
  const pictures = setOf({ "data/cats/in/a.png": png });
  const archive = labelsFor(setOf({ "classes.txt": "cat\ndog", "labels/in/a.txt": label }), pictures);
  const found = await Array.fromAsync(readLabels(archive, { folders: ["data/cats/"] }));
  expect(found).toMatchObject([{ ...expected[0], file: "data/cats/in/a.png" }]);
});

test("YOLO: polygons become the boxes around them and confidences are kept", async () => {
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
  ["a number without end", "0 0.5 0.5 1e999 0.1\n0 0.5 0.5 0.2 0.2\n", ["LINE_BROKEN:1"]],
])("YOLO with %s loses that line only", async (_kind, label, codes) => {
  const read = await readAll({ "data.yaml": "names: [cat]", "images/a.png": png, "labels/a.txt": label });
  expect(read.codes).toEqual(codes);
  expect(read.items[0]!.boxes).toHaveLength(1);
});

test.each([
  ["names that are no list", "names: 3", "LABELS_UNREADABLE"],
  ["aliases that multiply", `a: &a [x,x]\nb: &b [*a,*a]\nnames: *b`, "LABELS_UNREADABLE"],
  ["no YAML at all", "names: [a\n: {", "LABELS_UNREADABLE"],
])("a data.yaml with %s says so", async (_kind, yaml, code) => {
  const { codes } = await readAll({ "data.yaml": yaml, "images/a.png": png, "labels/a.txt": "" });
  expect(codes).toContain(code);
});

test("JSON Lines: our own, others' names for the same, and lines that are neither", async () => {
  const { items, codes } = await readAll({
    "train.jsonl":
      line({ file: "a.png", label: "cat", width: 20, height: 10, etag: "x" }) +
      line({ file_name: "b.png", class: "dog" }) +
      "not json\n[1]\n" +
      line({ file: "c.png", boxes: [{ class: "cat", x: 1, y: 1, width: "wide", height: 1 }] }) +
      line({ file: "../../x.png", label: "cat" }) +
      line({ label: "cat" }) +
      line({ file: "d.png", label: "cat", ["__proto__"]: { polluted: true } }),
  });
  expect(items.map(({ file, label, split }) => [file, label, split])).toEqual([
    ["a.png", "cat", "train"],
    ["b.png", "dog", "train"],
    ["d.png", "cat", "train"],
  ]);
  expect(items[0]).toMatchObject({ image: { width: 20, height: 10 }, extra: { etag: "x" } });
  expect(codes).toEqual([
    "LINE_BROKEN:3",
    "LINE_BROKEN:4",
    "FIELD_INVALID:5",
    "PATH_UNSAFE:6",
    "FIELD_INVALID:7",
  ]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test("class folders: alone, inside one folder, under splits, and as texts", async () => {
  const read = async (...paths: string[]) => {
    const { items } = await readAll(Object.fromEntries(paths.map((path) => [path, "x"])));
    return items.map(({ label, split }) => [label, split]);
  };
  const both = [
    ["cat", undefined],
    ["dog", undefined],
  ];
  expect(await read("cat/1.jpg", "dog/2.jpg", "readme.md")).toEqual(both);
  expect(await read("pets/cat/1.jpg", "pets/dog/in/side/2.jpg")).toEqual(both);
  expect(await read("cat/1.txt", "dog/2.txt")).toEqual(both);
  expect(await read("train/cat/1.jpg", "train/dog/1.jpg", "valid/cat/2.jpg")).toEqual([
    ["cat", "train"],
    ["dog", "train"],
    ["cat", "validation"],
  ]);
});

test("what is no label format is refused with what was looked for", async () => {
  await expect(readAll({ "notes.txt": "hello", "a.jpg": "x" })).rejects.toMatchObject({
    code: "FORMAT_UNKNOWN",
    hint: expect.stringContaining("data.yaml"),
  });
  await expect(readAll({})).rejects.toThrow("holds no files");
  await expect(readAll({ "a.csv": "file,label\n" }, { format: "chat" })).rejects.toMatchObject({
    code: "FORMAT_UNKNOWN",
  });
  expect((await readAll({ "a.csv": "" }, { format: "csv" })).codes).toEqual(["LABELS_EMPTY"]);
});
