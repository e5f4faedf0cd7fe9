import { expect, test } from "vitest";
import { pictures } from "../image/pictures.fixture.ts";
import { readAll } from "./dataset.fixture.ts";

/** 20 by 10 pixels. */
const png = pictures["image/png"]!;

const annotation = (inside: string) => `<annotation>${inside}</annotation>`;
const box =
  "<object><name>cat</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>11</xmax><ymax>8</ymax></bndbox></object>";

test("VOC: images beside the annotation, in the stated folder, or in VOC's own folders", async () => {
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

test("VOC: an archive of labels names images by their path in the model's data, existing or not", async () => {
  const said = (file: string) => annotation(`<filename>${file}</filename><path>in/${file}</path>${box}`);
  const { items } = await readAll(
    {
      "data/cats/Annotations/in/1.xml": said("1.png"),
      "data/cats/Annotations/in/2.xml": said("2.png"),
      "data/cats/Annotations/in/3.xml": said("3.png").replace("in/3", "/home/me/in/3"),
      "data/cats/in/1.png": png,
      "data/cats/3.png": png,
    },
    { folders: ["data/cats/"] },
  );
  expect(items.map(({ file }) => file)).toEqual([
    "data/cats/in/1.png",
    "data/cats/in/2.png",
    "data/cats/3.png",
  ]);
});

test("VOC: elements of tools are kept, and character references are decoded", async () => {
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
    "a hundred thousand nested elements",
    `<annotation>${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}</annotation>`,
    ["LABELS_UNREADABLE"],
  ],
  [
    "elements with names of JavaScript internals",
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
])("VOC with %s is reported", async (_kind, xml, codes) => {
  expect((await readAll({ "a.xml": xml }, { format: "voc" })).codes).toEqual(codes);
});
