// Datasets in folders, validated, profiled and converted without a cloud.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { scene } from "@sluice/labels/inspect/pictures.fixture.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "./command.ts";
import { sluice } from "./sluice.ts";

let folder: string;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-dataset-"));
  await mkdir(at("set/photos"), { recursive: true });
  const boxes = [
    { class: "door", x: 10, y: 20, width: 30, height: 40 },
    { class: "wall", x: 0, y: 0, width: 160, height: 8 },
  ];
  const lines = [1, 2].map((seed) => ({
    file: `photos/${seed}.png`,
    boxes,
    split: seed === 1 ? "train" : "test",
    width: 160,
    height: 120,
  }));
  await writeFile(at("set/labels.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  for (const seed of [1, 2]) await writeFile(at(`set/photos/${seed}.png`), await scene(seed));
});
afterAll(() => rm(folder, { recursive: true }));

test(
  "a dataset converted through every box format is the same at the end",
  { timeout: 120_000 },
  async () => {
    let from = "set";
    for (const format of ["coco", "voc", "manifest", "csv", "yolo", "jsonl"]) {
      const { code, stderr } = await runCommand([
        "datasets",
        "convert",
        at(from),
        at(format),
        "--to",
        format,
        "--model",
        "blueprints",
      ]);
      expect(stderr).toBe("");
      expect(code).toBe(0);
      from = format;
    }
    const items = (text: string) =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    const before = items(await readFile(at("set/labels.jsonl"), "utf8"));
    const after = items(await readFile(at("jsonl/labels.jsonl"), "utf8"));
    const plain = ({ file, boxes, split }: any) => ({
      file: path.basename(file),
      split,
      boxes: boxes.map(({ class: name, x, y, width, height }: any) => ({ class: name, x, y, width, height })),
    });
    const sorted = (list: any[]) => list.map(plain).toSorted((a, b) => (a.file < b.file ? -1 : 1));
    expect(sorted(after)).toEqual(sorted(before));
    expect(await readFile(path.join(at("jsonl"), after.find(({ split }) => split === "train").file))).toEqual(
      await readFile(at("set/photos/1.png")),
    );
  },
);

test("YOLO keeps the class numbers of its source without a model, and is refused without their names", async () => {
  await mkdir(at("rooms/images"), { recursive: true });
  await mkdir(at("rooms/labels"));
  await writeFile(at("rooms/images/1.png"), await scene(1));
  await writeFile(at("rooms/labels/1.txt"), "2 0.5 0.5 0.25 0.25\n0 0.25 0.25 0.125 0.125\n");
  const convert = (...args: string[]) => runCommand(["datasets", "convert", at("rooms"), ...args]);
  const refused = await convert(at("unnamed"), "--to", "yolo");
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toContain("The class numbers have no names: data.yaml and classes.txt are missing.");

  await writeFile(at("rooms/classes.txt"), "window\nstair\ndoor\n");
  expect(await convert(at("named"), "--to", "yolo")).toMatchObject({ code: 0, stderr: "" });
  expect(await readFile(at("named/labels/1.txt"), "utf8")).toBe(
    "2 0.500000 0.500000 0.250000 0.250000\n0 0.250000 0.250000 0.125000 0.125000\n",
  );
  expect(await readFile(at("named/data.yaml"), "utf8")).toContain(
    "names:\n  - window\n  - stair\n  - door\n",
  );

  const sorted = await runCommand(["datasets", "convert", at("set"), at("sorted"), "--to", "yolo"]);
  expect(sorted).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("in the order of the names. Add --model"),
  });
});

test("validate exits with 1 if training would fail, and prints the file and the fix", async () => {
  await mkdir(at("bad"));
  await writeFile(at("bad/labels.csv"), "file,class\nmissing.png,Boots\n../out.png,Chi\n");
  const printed = await runCommand(["datasets", "validate", at("bad"), "--model", "cats"]);
  expect(printed.code).toBe(1);
  expect(printed.stdout).toMatch(
    /error PATH_UNSAFE {2}1\n {2}labels\.csv:3 {2}"\.\.\/out\.png" points outside the dataset\./,
  );
  expect(printed.stdout).toContain("fix: Add the file, or remove its label.");
  expect(printed.stderr).toContain("DATASET_INVALID");
  const json = (await runCommand(["datasets", "validate", at("bad"), "--model", "cats", "--json"])).json();
  expect(json).toMatchObject({
    format: "csv",
    items: 1,
    found: expect.arrayContaining([expect.objectContaining({ code: "FILE_MISSING", file: "missing.png" })]),
  });
});

test("profile prints the same values as text and as JSON", async () => {
  const printed = await runCommand(["datasets", "profile", at("set")]);
  expect(printed.code).toBe(0);
  expect(printed.stdout).toContain("jsonl, object-detection");
  expect(printed.stdout).toContain("4 boxes in 2 images");
  expect((await runCommand(["datasets", "profile", at("set"), "--json"])).json()).toMatchObject({
    boxes: { total: 4 },
    splits: [
      { split: "train", count: 1 },
      { split: "test", count: 1 },
    ],
  });
});

test("convert writes nothing for invalid labels, an existing folder, or a format that cannot store boxes", async () => {
  const run = (...args: string[]) => runCommand(["datasets", "convert", ...args]);
  expect((await run(at("bad"), at("new"), "--to", "jsonl")).stderr).toContain(
    "DATASET_INVALID: 1 labels cannot be read: labels.csv:3",
  );
  expect((await run(at("set"), at("bad"), "--to", "yolo")).stderr).toContain("FOLDER_NOT_EMPTY");
  expect((await run(at("set"), at("new"), "--to", "folders")).stderr).toContain(
    "FORMAT_CANNOT_HOLD: class folders cannot hold boxes.",
  );
  expect((await run(at("nowhere"), at("new"), "--to", "yolo")).code).toBe(3);
  expect((await readdir(folder)).filter((name) => name.startsWith("new"))).toEqual([]);
});

test.each<[string, string, string[]]>([
  ["a file as the output folder", "FOLDER_NOT_EMPTY", ["convert", "SET", "SET/labels.jsonl", "--to", "csv"]],
  ["samples in a folder that is not empty", "FOLDER_NOT_EMPTY", ["generate", "cats", "--out", "SET"]],
  ["no samples", "INPUT_INVALID: --samples", ["generate", "cats", "--samples", "0", "--out", "SET/new"]],
  ["an invalid seed", "INPUT_INVALID: --seed", ["generate", "cats", "--seed=-1", "--out", "SET/new"]],
])("%s fails with %s, and nothing is changed", async (_what, says, args) => {
  const before = await readdir(at("set"), { recursive: true });
  const { code, stderr } = await runCommand([
    "datasets",
    ...args.map((arg) => arg.replace("SET", at("set"))),
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain(says);
  expect(await readdir(at("set"), { recursive: true })).toEqual(before);
});

test("start --fresh does not delete a folder without state of Sluice", async () => {
  const { code, stderr } = await sluice(["start", "--fresh", "--yes", "--dir", at("set")]);
  expect(code).toBe(2);
  expect(stderr).toContain("STATE_UNKNOWN");
  expect(await readdir(at("set"))).toEqual(["labels.jsonl", "photos"]);
});
