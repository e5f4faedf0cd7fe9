import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { models } from "@sluice/models/index.ts";
import { GENERATORS, generate, generatorOf } from "./generate.ts";

const PROGRAM = path.join(import.meta.dirname, "main.ts");
const program = (...args: string[]) => spawnSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8" });

async function inFolder(work: (dir: string) => Promise<void>) {
  const dir = await mkdtemp(path.join(tmpdir(), "sluice-samples-"));
  await work(dir).finally(() => rm(dir, { recursive: true, force: true }));
}

test("there are samples for every declared model, of its task and its classes", () => {
  expect(
    Object.entries(GENERATORS)
      .map(([name, { task, classes }]) => ({ name, task, classes }))
      .toSorted((left, right) => (left.name < right.name ? -1 : 1)),
  ).toEqual(models.map(({ name, task, classes }) => ({ name, task, classes })));
});

test.each(Object.keys(GENERATORS))(
  "%s: equal seeds return equal samples, and each index a different one",
  async (model) => {
    const generator = generatorOf(model);
    const [one, same, other, next] = await Promise.all([
      generator.generate(3, 7),
      generator.generate(3, 7),
      generator.generate(4, 7),
      generator.generate(3, 8),
    ]);
    expect(same).toEqual(one);
    expect(other.bytes.equals(one.bytes)).toBe(false);
    expect(next.bytes.equals(one.bytes)).toBe(false);
    expect(new Set([one.name, other.name, next.name]).size).toBe(3);
  },
);

test.each(["blueprints", "drones"])("%s: every class has boxes, each inside its image", async (model) => {
  const found = new Set<string>();
  for await (const { bytes, boxes, width, height } of generate(model, { seed: 5, from: 0, count: 16 })) {
    expect(await sharp(bytes).metadata()).toMatchObject({ width, height });
    for (const box of boxes!) {
      found.add(box.class);
      expect(Math.min(box.x, box.y, box.width - 3, box.height - 3)).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width!);
      expect(box.y + box.height).toBeLessThanOrEqual(height!);
    }
  }
  expect([...found].sort()).toEqual([...generatorOf(model).classes].sort());
});

test("samples are in the order of their indices, from any first index", async () => {
  const names: string[] = [];
  for await (const { name } of generate("compliance", { seed: 1, from: 40, count: 9 })) names.push(name);
  expect(names).toEqual(Array.from({ length: 9 }, (_, at) => `1-${String(40 + at).padStart(5, "0")}.txt`));
});

test("the program writes class folders for a classifier, and prints a summary", async () => {
  await inFolder(async (dir) => {
    const { status, stdout, stderr } = program("cats", dir, "--count", "14", "--seed", "2");
    expect(status).toBe(0);
    expect(stderr).toMatch(/cats: 14 of 14/);
    expect(JSON.parse(stdout)).toMatchObject({
      model: "cats",
      files: 14,
      seed: 2,
      classes: { Mu: 2, NoCat: 2 },
    });
    expect((await readdir(dir)).sort()).toEqual(["Boots", "Chi", "Kappa", "Mu", "NoCat", "Tau", "Wolf"]);
    const names = (await readdir(dir, { recursive: true })).filter((name) => path.extname(name));
    // Two cameras name their images differently.
    expect(names.some((name) => /2026-\d\d-\d\dT\d\d-\d\d-\d\dZ\.\w+$/.test(name))).toBe(true);
    expect(names.some((name) => /2000\d+\.\w+$/.test(name))).toBe(true);
  });
});

test("the program writes YOLO's layout for a detector, with the boxes of the image", async () => {
  await inFolder(async (dir) => {
    expect(program("drones", dir, "--count", "3").status).toBe(0);
    expect(await readFile(path.join(dir, "data.yaml"), "utf8")).toMatch(
      /^train: images\nval: images\nnc: 4\nnames:\n {2}0: "drone"\n/,
    );
    const { name, boxes, width, height } = await generatorOf("drones").generate(1, 0);
    const text = await readFile(path.join(dir, "labels", `${path.parse(name).name}.txt`), "utf8");
    const lines = text.trim().split("\n").filter(Boolean);
    const read = lines.map((line) => {
      const [kind, cx, cy, w, h] = line.split(" ").map(Number) as [number, number, number, number, number];
      const size = { width: Math.round(w * width!), height: Math.round(h * height!) };
      const corner = [cx * width! - size.width / 2, cy * height! - size.height / 2];
      // Adding zero makes -0 a plain 0.
      const [x, y] = corner.map((side) => Math.round(side) + 0);
      return { class: generatorOf("drones").classes[kind], x, y, ...size };
    });
    expect(read).toEqual(boxes);
  });
});

test.each<[string, string[], RegExp]>([
  [
    "a model that is not one of the examples",
    ["parcels", "x"],
    /no sample data for 'parcels', only for blueprints/,
  ],
  ["a property name of every object", ["constructor", "x"], /no sample data for 'constructor'/],
  ["no folder", ["cats"], /Usage/],
  ["a count of zero", ["cats", "x", "--count", "0"], /--count is '0'/],
  ["an unknown option", ["cats", "x", "--many", "3"], /--many/],
])("%s is refused", (_, args, reason) => {
  const { status, stderr } = program(...args);
  expect(status).toBe(2);
  expect(stderr).toMatch(reason);
});

test("samples by night are darker than the same samples by day, and have names of their own", async () => {
  const [day, night] = await Promise.all(
    (["day", "night"] as const).map((conditions) => generatorOf("vehicles").generate(3, 7, conditions)),
  );
  expect(night).toMatchObject({ label: day!.label });
  expect(night!.name).not.toBe(day!.name);
  const brightness = async (bytes: Buffer) => (await sharp(bytes).greyscale().stats()).channels[0]!.mean;
  expect(await brightness(night!.bytes)).toBeLessThan((await brightness(day!.bytes)) / 1.5);
});

test("the program rejects conditions that a model has no samples of", async () => {
  await inFolder(async (dir) => {
    const { status, stderr } = program("drones", dir, "--count", "1", "--conditions", "night");
    expect(status).toBe(2);
    expect(stderr).toBe("There are no samples of 'drones' with the conditions 'night'.\n");
    expect(program("cats", dir, "--conditions", "dawn").stderr).toContain("not one of day, night");
  });
});

test("with --split, the program writes the parts that data.yaml names", async () => {
  await inFolder(async (dir) => {
    expect(program("drones", dir, "--count", "6", "--split", "0.7:0.15:0.15").status).toBe(0);
    expect(await readFile(path.join(dir, "data.yaml"), "utf8")).toMatch(
      /^train: images\/train\nval: images\/val\ntest: images\/test\n/,
    );
    for (const [part, count] of [
      ["train", 4],
      ["val", 1],
      ["test", 1],
    ] as const)
      for (const folder of ["images", "labels"])
        expect(await readdir(path.join(dir, folder, part)), `${folder}/${part}`).toHaveLength(count);
  });
  await inFolder(async (dir) => {
    expect(program("drones", dir, "--count", "1", "--split", "0.7:0.15:0.15").status).toBe(0);
    expect(await readFile(path.join(dir, "data.yaml"), "utf8")).toMatch(
      /^train: images\/train\nval: images\/train\nnc: 4\n/,
    );
  });
});
