import fc from "fast-check";
import { expect, test } from "vitest";
import type { Detection } from "../output/detections.ts";
import { type TrueBox, detectionCounts } from "./detection.ts";
import { averagePrecision } from "./precision.ts";

const CLASSES = ["a", "b"];
interface Picture {
  truths: TrueBox[];
  answers: Detection[];
}

const true10 = (x: number, name = "a"): TrueBox => ({ class: name, x, y: 0, width: 10, height: 10 });
const found = (x: number, confidence: number, name = "a", width = 10): Detection => ({
  class: name,
  confidence,
  box: { x, y: 0, width, height: 10 },
});

function evaluate(pictures: Picture[], threshold = 0.5) {
  const counts = detectionCounts(CLASSES, threshold);
  for (const { truths, answers } of pictures) counts.add(truths, answers);
  return counts.finish();
}

test.each<[string, Picture[], number, number]>([
  ["a perfect detection", [{ truths: [true10(0)], answers: [found(0, 0.9)] }], 1, 1],
  ["no detection", [{ truths: [true10(0)], answers: [] }], 0, 0],
  [
    "one of two found: right up to recall 0.5, which are 51 of 101 points",
    [{ truths: [true10(0), true10(50)], answers: [found(0, 0.9)] }],
    51 / 101,
    51 / 101,
  ],
  [
    "a false detection before the correct one",
    [{ truths: [true10(0)], answers: [found(50, 0.9), found(0, 0.8)] }],
    0.5,
    0.5,
  ],
  [
    "a false detection after it changes nothing",
    [{ truths: [true10(0)], answers: [found(0, 0.9), found(50, 0.8)] }],
    1,
    1,
  ],
  [
    "an overlap of 0.6 counts at three of ten",
    [{ truths: [true10(0)], answers: [found(0, 0.9, "a", 6)] }],
    1,
    0.3,
  ],
  [
    "the second detection of one box is false",
    [{ truths: [true10(0), true10(50)], answers: [found(0, 0.9), found(0, 0.8), found(50, 0.7)] }],
    (51 + 50 * (2 / 3)) / 101,
    (51 + 50 * (2 / 3)) / 101,
  ],
  [
    "a class without boxes does not count",
    [{ truths: [true10(0)], answers: [found(0, 0.9), found(50, 0.9, "b")] }],
    1,
    1,
  ],
])("mean average precision of %s", (_, pictures, at50, at50to95) => {
  const { meanAveragePrecision } = evaluate(pictures);
  expect(meanAveragePrecision.at50).toBeCloseTo(at50, 12);
  expect(meanAveragePrecision.at50to95).toBeCloseTo(at50to95, 12);
});

test("the confusion matrix counts confused classes, missed boxes and false detections", () => {
  const { confusion, perClass, precision, recall } = evaluate([
    {
      truths: [true10(0, "a"), true10(50, "a"), true10(100, "b")],
      answers: [
        found(0, 0.9, "a"),
        found(50, 0.8, "b"),
        found(200, 0.7, "a"),
        // Below the threshold, as if it were not there.
        found(100, 0.3, "b"),
      ],
    },
  ]);
  expect(confusion).toEqual({
    classes: ["a", "b", "background"],
    rows: [
      [1, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
    ],
  });
  expect(perClass[0]).toEqual({ class: "a", precision: 0.5, recall: 0.5, f1: 0.5, support: 2 });
  expect([precision, recall]).toEqual([1 / 3, 1 / 3]);
});

/** Follows the definition literally, without tables. */
function bruteForce(pictures: Picture[], name: string, atLeast: number): number | undefined {
  const support = pictures.flatMap(({ truths }) => truths).filter((truth) => truth.class === name).length;
  if (support === 0) return undefined;
  const all = pictures.flatMap(({ answers }, picture) =>
    answers.filter((answer) => answer.class === name).map((answer) => ({ ...answer, picture })),
  );
  const free = new Set(pictures.flatMap(({ truths }) => truths));
  const outcome: boolean[] = [];
  for (const answer of all.toSorted((left, right) => right.confidence - left.confidence)) {
    const near = pictures[answer.picture]!.truths.filter(
      (truth) => truth.class === name && free.has(truth) && share(answer.box, truth) >= atLeast,
    );
    const most = Math.max(...near.map((truth) => share(answer.box, truth)));
    const taken = near.findLast((truth) => share(answer.box, truth) === most);
    if (taken) free.delete(taken);
    outcome.push(taken !== undefined);
  }
  let sum = 0;
  for (let point = 0; point <= 100; point++) {
    let best = 0;
    for (let length = 1; length <= outcome.length; length++) {
      const right = outcome.slice(0, length).filter(Boolean).length;
      if (right * 100 >= point * support) best = Math.max(best, right / length);
    }
    sum += best;
  }
  return sum / 101;
}

/** Counts grid cells: all coordinates are integers. */
function share(one: { x: number; y: number; width: number; height: number }, other: TrueBox): number {
  let both = 0;
  for (let x = one.x; x < one.x + one.width; x++)
    for (let y = one.y; y < one.y + one.height; y++)
      if (x >= other.x && x < other.x + other.width && y >= other.y && y < other.y + other.height) both++;
  return both / (one.width * one.height + other.width * other.height - both);
}

const place = {
  x: fc.integer({ min: 0, max: 12 }),
  y: fc.integer({ min: 0, max: 6 }),
  width: fc.integer({ min: 2, max: 9 }),
  height: fc.integer({ min: 2, max: 9 }),
};
const name = fc.constantFrom(...CLASSES);
const picture = fc.record({
  truths: fc.array(fc.record({ class: name, ...place }), { maxLength: 6 }),
  answers: fc.array(
    fc.record({
      class: name,
      confidence: fc.integer({ min: 1, max: 20 }).map((value) => value / 20),
      box: fc.record(place),
    }),
    { maxLength: 8 },
  ),
});

test("mean average precision matches a brute-force implementation of COCO's definition", () => {
  fc.assert(
    fc.property(fc.array(picture, { minLength: 1, maxLength: 4 }), (pictures) => {
      const { perClass } = evaluate(pictures).meanAveragePrecision;
      for (const [kind, kindName] of CLASSES.entries()) {
        const each = [50, 55, 60, 65, 70, 75, 80, 85, 90, 95].map((percent) =>
          bruteForce(pictures, kindName, percent / 100),
        );
        if (each[0] === undefined) expect(perClass[kind]).toEqual({ class: kindName });
        else {
          expect(perClass[kind]!.at50).toBeCloseTo(each[0], 10);
          expect(perClass[kind]!.at50to95).toBeCloseTo(each.reduce((sum, one) => sum! + one!, 0)! / 10, 10);
        }
      }
    }),
    { seed: 5, numRuns: 150 },
  );
});

test("recall is counted in whole boxes: 7 of 100 reach exactly 0.07", () => {
  expect(
    averagePrecision(
      Array.from({ length: 7 }, () => true),
      100,
    ),
  ).toBeCloseTo(8 / 101, 12);
});
