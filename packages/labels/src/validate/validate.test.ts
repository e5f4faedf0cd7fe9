import { byName, type Model } from "@sluice/models/index.ts";
import { expect, test } from "vitest";
import { jpeg, scene } from "../inspect/pictures.fixture.ts";
import { setOf } from "../format/set.fixture.ts";
import type { Problem } from "../format/problem.ts";
import { nearest } from "./nearest.ts";
import { validate } from "./validate.ts";

const cats = byName("cats")!;
const blueprints = byName("blueprints")!;
const compliance = byName("compliance")!;

async function judge(files: Record<string, string | Uint8Array>, model?: Model) {
  const found: Problem[] = [];
  const run = validate(setOf(files), { model });
  let step = await run.next();
  for (; !step.done; step = await run.next()) found.push(step.value);
  return { found, verdict: step.value, of: (code: string) => found.filter((one) => one.code === code) };
}

test("a sound set has no errors", async () => {
  const files: Record<string, Buffer> = {};
  let seed = 0;
  for (const name of cats.classes)
    for (let at = 0; at < 10; at += 1) files[`${name}/${at}.png`] = await scene((seed += 1));
  const { found, verdict } = await judge(files, cats);
  expect(found).toEqual([]);
  expect(verdict).toEqual({
    format: "folders",
    task: "image-classification",
    items: 70,
    problems: { error: 0, warning: 0 },
  });
});

test("every fault of a set of pictures is named with its file", async () => {
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
  const { of, verdict } = await judge(files, cats);
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
    { file: "broken.png", message: expect.stringContaining("cut off at 500 bytes") },
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
  expect(verdict.problems.error).toBeGreaterThan(0);
});

test("boxes outside the picture, without extent, tiny, twice, and of another picture's size", async () => {
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
  const { of, found } = await judge(files, blueprints);
  expect(of("BOX_OUTSIDE")).toMatchObject([
    {
      file: "set.jsonl",
      line: 2,
      message: expect.stringContaining("reaches from 150,0 to 170,20; the picture has 160 by 120 pixels"),
    },
  ]);
  expect(of("BOX_INVALID")).toHaveLength(2);
  expect(of("BOX_TINY")).toHaveLength(1);
  expect(of("BOX_DUPLICATE")).toHaveLength(1);
  expect(of("CLASS_UNKNOWN")).toMatchObject([{ fix: 'Write "door", if that is meant.' }]);
  expect(of("IMAGE_SIZE_DIFFERS")).toMatchObject([{ line: 3 }]);
  expect(of("KIND_WRONG")).toMatchObject([{ line: 4 }]);
  expect(found.every(({ fix, message }) => fix !== "" && message !== "")).toBe(true);
});

test("texts: empty, twice with two classes, and of no class of the model", async () => {
  const { of } = await judge(
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

test("without a model the set is judged by itself", async () => {
  const { found, verdict } = await judge({ "x/1.png": await scene(1), "y/1.png": await scene(2) });
  expect(verdict.problems.error).toBe(0);
  expect(found.map(({ code }) => code)).toEqual(["CLASS_WITH_FEW_EXAMPLES", "CLASS_WITH_FEW_EXAMPLES"]);
  const words = await judge({ "x/1.png": "words", "y/1.png": await scene(2) });
  expect(words.of("FILE_TYPE_UNKNOWN")).toMatchObject([{ file: "x/1.png" }]);
});

test.each([
  ["boots", "Boots"],
  ["no_cat", "NoCat"],
  ["Kapa", "Kappa"],
  ["elephant", undefined],
])("%s probably means %s", (written, meant) => {
  expect(nearest(written, cats.classes)).toBe(meant);
});
