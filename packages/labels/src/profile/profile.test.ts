import { expect, test } from "vitest";
import { collectionOf } from "../format/dataset.fixture.ts";
import { jpeg, plain, scene } from "../inspect/pictures.fixture.ts";
import { distributionCollector } from "./distribution.ts";
import { findOutliers } from "./outliers.ts";
import { profileDataset } from "./profile.ts";
import { Profile } from "./schema.ts";

test("a profile of images has counts, distributions and outliers", async () => {
  const files: Record<string, string | Buffer> = { "cat/broken.jpg": "", "dog/dark.png": await plain(3) };
  for (let seed = 1; seed <= 12; seed += 1) files[`cat/${seed}.png`] = await scene(seed);
  files["dog/copy.png"] = files["cat/1.png"]!;
  files["dog/like.jpg"] = await jpeg(files["cat/2.png"] as Buffer, 50);
  const found = Profile.parse(await profileDataset(collectionOf(files), {}));
  expect(found).toMatchObject({
    format: "folders",
    task: "image-classification",
    labels: { items: 16, labelled: 16, unlisted: 0 },
    classes: [
      { class: "cat", count: 13 },
      { class: "dog", count: 3 },
    ],
    files: {
      inspected: 16,
      types: [
        { type: "image/png", count: 14 },
        { type: "image/jpeg", count: 1 },
      ],
      unreadable: { count: 1, shown: [{ file: "cat/broken.jpg", reason: "It is empty." }] },
    },
    images: {
      count: 15,
      sizes: [
        { width: 160, height: 120, count: 14 },
        { width: 64, height: 64, count: 1 },
      ],
    },
    duplicates: {
      exact: { groups: 1, files: 2, shown: [["cat/1.png", "dog/copy.png"]] },
      near: { groups: 2 },
    },
  });
  expect(found.images!.brightness.dark.map(({ file }) => file)).toEqual(["dog/dark.png"]);
  expect(found.images!.blur.blurred.map(({ file }) => file)).toEqual(["dog/dark.png"]);
});

test("a profile of boxes has counts, positions and overlaps", async () => {
  const boxes = [
    { class: "cat", x: 0, y: 0, width: 16, height: 12 },
    { class: "cat", x: 1, y: 0, width: 16, height: 12 },
    { class: "dog", x: 80, y: 60, width: 80, height: 60 },
  ];
  const lines = [
    { file: "a.png", boxes },
    { file: "b.png", boxes: [] },
    { file: "gone.png", boxes: [] },
  ];
  const files = {
    "set.jsonl": lines.map((line) => JSON.stringify(line)).join("\n"),
    "a.png": await scene(1),
    "b.png": await scene(2),
  };
  const {
    boxes: found,
    classes,
    files: counted,
  } = Profile.parse(await profileDataset(collectionOf(files), {}));
  expect(classes).toMatchObject([
    { class: "cat", count: 1 },
    { class: "dog", count: 1 },
  ]);
  expect(counted.missing).toEqual({ count: 1, shown: ["gone.png"] });
  expect(found).toMatchObject({
    total: 3,
    images: 1,
    empty: 2,
    classes: [
      { class: "cat", boxes: 2, images: 1, meanAreaShare: 0.01 },
      { class: "dog", boxes: 1, meanAreaShare: 0.25 },
    ],
    overlaps: { pairs: 1, images: 1, shown: ["a.png"] },
    areaShare: { count: 3, max: 0.25 },
  });
  expect(found!.centres[0]![0]).toBe(2);
  expect(found!.centres[12]![12]).toBe(1);
});

test("a profile of texts has their characters and words", async () => {
  const found = await profileDataset(collectionOf({ "t.csv": "text,label\none two,a\nthree,b\n" }), {});
  expect(found).toMatchObject({
    task: "text-classification",
    texts: { count: 2, characters: { min: 5, max: 7 }, words: { mean: 1.5 } },
  });
  expect(found.images).toBeUndefined();
});

test("a distribution has bins with round edges, and each value is in one bin", () => {
  const values = distributionCollector();
  for (let at = 0; at <= 1_000; at += 1) values.add(at / 10);
  const distribution = values.distribution()!;
  expect(distribution).toMatchObject({
    count: 1_001,
    min: 0,
    max: 100,
    mean: 50,
    median: 50,
    p5: 5,
    p95: 95,
  });
  expect(distribution.bins.every(({ from, to }) => to - from === 5)).toBe(true);
  expect(distribution.bins.reduce((sum, { count }) => sum + count, 0)).toBe(1_001);
  const same = distributionCollector();
  same.add(7);
  expect(same.distribution()).toMatchObject({ min: 7, max: 7, bins: [{ count: 1 }] });
});

test("outliers are listed, the farthest first; few values have no outliers", () => {
  const values = Array.from({ length: 50 }, (_, at) => ({ file: `${at}`, value: 100 + (at % 5) }));
  const found = findOutliers([
    ...values,
    { file: "low", value: 1 },
    { file: "high", value: 300 },
    { file: "higher", value: 400 },
  ]);
  expect(found.low.map(({ file }) => file)).toEqual(["low"]);
  expect(found.high.map(({ file }) => file)).toEqual(["higher", "high"]);
  expect(findOutliers(values.slice(0, 5))).toEqual({ low: [], high: [] });
});
