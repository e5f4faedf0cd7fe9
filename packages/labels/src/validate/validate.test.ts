import { byName, type Model } from "@sluice/models/index.ts";
import { expect, test } from "vitest";
import { jpeg, scene } from "../inspect/pictures.fixture.ts";
import { collectionOf } from "../format/dataset.fixture.ts";
import type { Problem } from "../format/problem.ts";
import { nearestName } from "./nearest-name.ts";
import { validateDataset } from "./validate.ts";

const cats = byName("cats")!;
const blueprints = byName("blueprints")!;
const compliance = byName("compliance")!;

async function validateFiles(files: Record<string, string | Uint8Array>, model?: Model) {
  const found: Problem[] = [];
  const problems = validateDataset(collectionOf(files), { model });
  let step = await problems.next();
  for (; !step.done; step = await problems.next()) found.push(step.value);
  return { found, result: step.value, of: (code: string) => found.filter((one) => one.code === code) };
}

test("a valid dataset has no problems", async () => {
  const files: Record<string, Buffer> = {};
  let seed = 0;
  for (const name of cats.classes)
    for (let at = 0; at < 10; at += 1) files[`${name}/${at}.png`] = await scene((seed += 1));
  const { found, result } = await validateFiles(files, cats);
  expect(found).toEqual([]);
  expect(result).toEqual({
    format: "folders",
    task: "image-classification",
    items: 70,
    problems: { error: 0, warning: 0 },
  });
});

test("every problem of an image dataset names its file", async () => {
  const [one, two] = [await scene(1), await scene(2)];
  const files = {
    "labels.csv":
      "file,class,split\na.png,Boots,train\nb.png,boots,train\nmissing.png,Chi,train\nempty.png,Chi,train\nbroken.png,Chi,train\ncopy.png,Kappa,test\nlike.jpg,Mu,test\na.png,Mu,train\ntwo.png,Tau,train\ntwo.png,Tau,train\nunsure.png,,train\nnotes.png,Wolf,train\n",
    "a.png": one,
    "b.png": await scene(3),
    "empty.png": "",
    "broken.png": one.subarray(0, 500),
    "copy.png": one,
    "like.jpg": await jpeg(two, 60),
    "two.png": two,
    "unsure.png": await scene(4),
    "notes.png": "just words",
    "forgotten.png": await scene(5),
  };
  const { of, result } = await validateFiles(files, cats);
  expect(of("CLASS_UNKNOWN")).toMatchObject([
    {
      file: "labels.csv",
      line: 3,
      message: expect.stringContaining('"boots"'),
      fix: expect.stringContaining('"Boots"'),
    },
  ]);
  expect(of("FILE_MISSING")).toMatchObject([
    { file: "missing.png", message: expect.stringContaining("labels.csv:4") },
  ]);
  expect(of("FILE_EMPTY")).toMatchObject([{ file: "empty.png" }]);
  expect(of("FILE_UNREADABLE")).toMatchObject([
    { file: "broken.png", message: expect.stringContaining("truncated image/png file of 500 bytes") },
  ]);
  expect(of("FILE_TYPE_UNKNOWN")).toMatchObject([
    { file: "notes.png", message: expect.stringContaining("text/plain") },
  ]);
  expect(of("LABEL_CONFLICT")).toMatchObject([{ file: "labels.csv", line: 9 }]);
  expect(of("LABEL_REPEATED")).toMatchObject([{ file: "labels.csv", line: 11 }]);
  expect(of("UNLABELLED").map(({ file, line }) => [file, line])).toEqual([
    ["labels.csv", 12],
    ["forgotten.png", undefined],
  ]);
  expect(of("DUPLICATE_CONFLICT")).toMatchObject([
    { file: "a.png", message: expect.stringContaining('copy.png ("Kappa")') },
  ]);
  expect(of("SPLIT_LEAKAGE")).toMatchObject([
    { file: "a.png", message: expect.stringContaining("copy.png (test)") },
  ]);
  expect(of("SPLIT_LEAKAGE_LIKELY")).toMatchObject([
    { file: "like.jpg", message: expect.stringContaining("two.png (train)") },
  ]);
  expect(of("CLASS_WITHOUT_EXAMPLES")).toMatchObject([{ message: expect.stringContaining('"NoCat"') }]);
  expect(of("CLASS_WITH_FEW_EXAMPLES").length).toBe(6);
  expect(result.problems.error).toBeGreaterThan(0);
});

test("boxes that are outside, empty, tiny, repeated, or for another image size are reported", async () => {
  const box = (x: number, y: number, width: number, height: number, name = "door") => ({
    class: name,
    x,
    y,
    width,
    height,
  });
  const lines = [
    { file: "in.png", boxes: [box(0, 0, 160, 120), box(-0.5, 0, 160.9, 120)], width: 160, height: 120 },
    {
      file: "out.png",
      boxes: [
        box(150, 0, 20, 20),
        box(1, 1, 0, 5),
        box(1, 1, -4, 5),
        box(5, 5, 2, 40),
        box(9, 9, 9, 9),
        box(9, 9, 9, 9),
        box(1, 1, 9, 9, "dor"),
      ],
    },
    { file: "size.png", boxes: [], width: 320, height: 240 },
    { file: "class.png", label: "door" },
  ];
  const files: Record<string, string | Buffer> = {
    "set.jsonl": lines.map((line) => JSON.stringify(line)).join("\n"),
  };
  for (const [seed, { file }] of lines.entries()) files[file] = await scene(seed);
  const { of, found } = await validateFiles(files, blueprints);
  expect(of("BOX_OUTSIDE")).toMatchObject([
    {
      file: "set.jsonl",
      line: 2,
      message: expect.stringContaining("spans from 150,0 to 170,20; the image has 160 by 120 pixels"),
    },
  ]);
  expect(of("BOX_INVALID")).toHaveLength(2);
  expect(of("BOX_TINY")).toHaveLength(1);
  expect(of("BOX_DUPLICATE")).toHaveLength(1);
  expect(of("CLASS_UNKNOWN")).toMatchObject([{ fix: 'Did you mean "door"?' }]);
  expect(of("IMAGE_SIZE_DIFFERS")).toMatchObject([{ line: 3 }]);
  expect(of("KIND_WRONG")).toMatchObject([{ line: 4 }]);
  expect(found.every(({ fix, message }) => fix !== "" && message !== "")).toBe(true);
});

test("texts that are empty, have two classes, or an unknown class are reported", async () => {
  const { of } = await validateFiles(
    {
      "t.csv":
        'text,label\n"  ",violation\nsame words here,violation\nsame words here,compliant\nother words,spam\n',
    },
    compliance,
  );
  expect(of("TEXT_EMPTY")).toMatchObject([{ file: "t.csv", line: 2 }]);
  expect(of("LABEL_CONFLICT")).toMatchObject([{ line: 4 }]);
  expect(of("CLASS_UNKNOWN")).toMatchObject([{ line: 5 }]);
});

test("without a model, task and classes come from the labels", async () => {
  const { found, result } = await validateFiles({ "x/1.png": await scene(1), "y/1.png": await scene(2) });
  expect(result.problems.error).toBe(0);
  expect(found.map(({ code }) => code)).toEqual(["CLASS_WITH_FEW_EXAMPLES", "CLASS_WITH_FEW_EXAMPLES"]);
  const words = await validateFiles({ "x/1.png": "words", "y/1.png": await scene(2) });
  expect(words.of("FILE_TYPE_UNKNOWN")).toMatchObject([{ file: "x/1.png" }]);
});

test.each([
  ["boots", "Boots"],
  ["no_cat", "NoCat"],
  ["Kapa", "Kappa"],
  ["elephant", undefined],
])("the name most similar to %s is %s", (written, meant) => {
  expect(nearestName(written, cats.classes)).toBe(meant);
});
