import { expect, test } from "vitest";
import { fitTemperature } from "../calibration/temperature.ts";
import { seedRandom } from "../random.ts";
import type { Baseline } from "./baseline.ts";
import { type CompareOptions, compareWindows } from "./compare.ts";
import type { MonitoredItem } from "./item.ts";
import { createWindow, readWindow, type Window } from "./window.ts";

const OPTIONS: CompareOptions = {
  thresholds: { inputs: 0.2, predictions: 0.2, confidence: 0.1, embedding: 0.7 },
  falseAlarms: 0.01,
  seed: 3,
};

interface Draw {
  brightness?: number;
  classes?: readonly string[];
  embedding?: number;
}

/** Items whose ids start with `name`. */
function items(
  name: string,
  count: number,
  { brightness = 120, classes = ["car", "bus"], embedding = 0 }: Draw = {},
) {
  const random = seedRandom(name.length + count);
  return Array.from({ length: count }, (_, at): MonitoredItem => {
    const confidence = 0.7 + 0.3 * random();
    const vector = Int8Array.from({ length: 8 }, () => Math.round(40 * (random() - 0.5)) + embedding);
    return {
      id: `${name}-${at}`,
      at: 1_000 + at,
      class: classes[Math.floor(random() * classes.length)]!,
      confidence,
      probabilities: [confidence, 1 - confidence],
      numbers: { brightness: brightness + 40 * random(), width: 640 },
      categories: { script: "Latin" },
      embedding: Buffer.from(vector.buffer).toString("base64"),
    };
  });
}

function windowOf(all: readonly MonitoredItem[], temperature = 1): Window {
  const window = createWindow({ seed: 7, temperature });
  for (const item of all) window.add(item);
  return window;
}

const baselineOf = (all: readonly MonitoredItem[], more: Partial<Baseline> = {}): Baseline => ({
  format: 1,
  model: "vehicles",
  version: "v1",
  source: "evaluation",
  temperature: 1,
  measured: { metric: "accuracy", value: 0.9, count: all.length },
  window: windowOf(all).toJSON(),
  ...more,
});
const before = items("before", 400);
const compare = (all: readonly MonitoredItem[]) => compareWindows(baselineOf(before), windowOf(all), OPTIONS);
const finding = (all: readonly MonitoredItem[], name: string) =>
  compare(all).findings.find((one) => one.name === name)!;

test("parts of a window merge to the same window in any order, also when they were stored", () => {
  const stored = (from: number, to: number) =>
    readWindow(JSON.parse(JSON.stringify(windowOf(before.slice(from, to)))));
  const merged = createWindow({ seed: 7 });
  for (const part of [stored(250, 400), stored(0, 100), stored(100, 250)]) merged.merge(part);
  const { expected, ...whole } = windowOf(before).toJSON();
  expect(merged.toJSON()).toMatchObject(whole);
  expect(merged.expected.sum).toBeCloseTo(expected.sum, 9);
  expect(merged).toMatchObject({ count: 400, from: 1_000, to: 1_399 });
});

test("the same predictions are no drift: every effect is 0, and the AUC 0.5 within chance", () => {
  const { status, reason, findings } = compare(before);
  expect(status).toBe("ok");
  expect(reason).toBe("400 predictions do not differ from the baseline in any of 7 comparisons.");
  for (const { test, effect } of findings) if (test === "ks" || test === "chi-square") expect(effect).toBe(0);
  expect(findings.find(({ test }) => test === "classifier")!.effect).toBeLessThan(0.6);
});

test("other predictions of the same distribution are no drift", () => {
  expect(compare(items("after", 300)).status).toBe("ok");
});

test("disjoint values have a KS statistic of 1, and disjoint embeddings an AUC of 1", () => {
  const dark = items("dark", 300, { brightness: 10, embedding: 60 });
  const { status, reason, harmUnknown, findings } = compare(dark);
  expect(status).toBe("drift");
  expect(reason).toMatch(/brightness changed \(median \d+ to \d+(\.\d+)?, effect 1, threshold 0\.2\)/);
  expect(finding(dark, "brightness")).toMatchObject({ statistic: 1, drifted: true });
  expect(findings.filter(({ group }) => group === "embedding")).toMatchObject([
    { test: "classifier", effect: 1, drifted: true },
    { test: "mmd", drifted: true },
  ]);
  expect(harmUnknown).toBe(
    "100 % of the inputs are unlike all of the baseline, so the true accuracy may be lower than the estimate.",
  );
});

test("a constant descriptor and a constant category are no drift", () => {
  expect(finding(items("after", 300), "width")).toMatchObject({ effect: 0, pValue: 1, drifted: false });
  expect(finding(items("after", 300), "script")).toMatchObject({ pValue: 1, drifted: false });
});

test("a small effect is no drift, however small its p-value is", () => {
  const many = windowOf(items("many", 40_000, { brightness: 121 }));
  const large = baselineOf(items("large", 40_000));
  const { status, findings } = compareWindows(large, many, OPTIONS);
  const brightness = findings.find(({ name }) => name === "brightness")!;
  expect(brightness.adjustedPValue).toBeLessThan(0.001);
  expect(brightness).toMatchObject({ drifted: false });
  expect(status).toBe("ok");
});

test("a class that the baseline does not have is named", () => {
  const added = items("added", 300, { classes: ["car", "bus", "tram"] });
  const { status, harmUnknown } = compare(added);
  expect(status).toBe("drift");
  expect(finding(added, "class")).toMatchObject({ drifted: true, current: { tram: expect.any(Number) } });
  expect(harmUnknown).toBe("The baseline has no prediction of tram.");
});

test.each([
  ["no predictions", [], "No predictions were captured."],
  ["ten predictions", items("few", 10), "10 predictions were captured; at least 30 are needed."],
])("%s are insufficient", (_, all, reason) => {
  expect(compare(all)).toEqual({ status: "insufficient", reason, findings: [] });
});

test("a small baseline is insufficient", () => {
  const small = compareWindows(baselineOf(items("small", 12)), windowOf(before), OPTIONS);
  expect(small.reason).toBe("The baseline has 12 predictions; at least 30 are needed.");
});

test("a baseline without descriptors compares classes and confidence only", () => {
  const bare = before.map(({ embedding: _, ...item }) => ({ ...item, numbers: {}, categories: {} }));
  const { findings } = compareWindows(baselineOf(bare), windowOf(before), OPTIONS);
  expect(findings.map(({ name }) => name)).toEqual(["class", "confidence"]);
});

test("embeddings of another length, and values that are not numbers, are left out", () => {
  const other = before.map((item) => ({
    ...item,
    embedding: Buffer.from([1, 2]).toString("base64"),
    numbers: { brightness: NaN },
  }));
  expect(compare(other).findings.map(({ name }) => name)).toEqual(["script", "class", "confidence"]);
});

test("the estimated accuracy of confidences .9, .8 and .6 is .7667", () => {
  const three = [0.9, 0.8, 0.6].flatMap((confidence) =>
    items(String(confidence), 20).map((item) => ({
      ...item,
      id: `${confidence}-${item.id}`,
      confidence,
      probabilities: [confidence, 1 - confidence],
    })),
  );
  const { harm } = compareWindows(baselineOf(before), windowOf(three), OPTIONS);
  expect(harm!.estimated).toBeCloseTo(0.76667, 4);
  // The variance of a mean of 60 predictions.
  const deviation = Math.sqrt((0.09 + 0.16 + 0.24) / 3 / 60);
  expect(harm!.estimated - harm!.low).toBeCloseTo(1.96 * deviation, 3);
  expect(harm).toMatchObject({ metric: "accuracy", baseline: 0.9 });
});

test("logits times 3 give a temperature near 3, and the estimate is right again", () => {
  const random = seedRandom(11);
  const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
  const logits = Array.from({ length: 3_000 }, () => 4 * (random() - 0.5));
  const labels = logits.map((logit) => (random() < sigmoid(logit) ? 0 : 1));
  const sure = logits.map((logit) => [Math.log(sigmoid(3 * logit)), Math.log(sigmoid(-3 * logit))]);
  const { temperature } = fitTemperature(sure, labels);
  expect(Math.abs(temperature - 3)).toBeLessThan(0.35);
  const accuracy = logits.filter((logit, at) => (logit > 0 ? 0 : 1) === labels[at]).length / logits.length;
  const window = windowOf(
    sure.map((row, at) => ({
      id: `${at}`,
      at,
      probabilities: row.map(Math.exp),
      numbers: {},
      categories: {},
    })),
    temperature,
  );
  expect(Math.abs(window.expected.sum / window.count - accuracy)).toBeLessThan(0.02);
});

test("of a detector the precision is estimated, and the recall is unknown", () => {
  const withBoxes = (...confidences: number[]) =>
    before.map((item) => ({
      ...item,
      boxes: confidences.map((confidence) => ({ class: "car", confidence })),
    }));
  // Boxes of confidence 0.8 were right in 85 % of all cases.
  const measured = { metric: "precision", value: 0.85, count: 400 } as const;
  const baseline = baselineOf(withBoxes(0.9, 0.7), { measured });
  const estimate = (...confidences: number[]) =>
    compareWindows(baseline, windowOf(withBoxes(...confidences)), OPTIONS);
  const { harm, harmUnknown } = estimate(0.9, 0.7);
  expect(harm).toMatchObject({ metric: "precision", baseline: 0.85 });
  expect(harm!.estimated).toBeCloseTo(0.85, 9);
  // Both sets have 800 boxes of variance 0.15.
  expect(harm!.high - harm!.estimated).toBeCloseTo(1.96 * Math.sqrt((2 * 0.15) / 800), 4);
  expect(estimate(0.7, 0.5, 0.6).harm!.estimated).toBeCloseTo(0.65, 9);
  expect(harmUnknown).toBe("The recall is unknown until images are reviewed.");
  expect(estimate()).toMatchObject({ harmUnknown: expect.stringContaining("no confidences") });
});

test("without a measured value the estimate is the mean confidence, and says so", () => {
  const captured = baselineOf(before, { source: "captured", measured: undefined });
  const { harm, harmUnknown } = compareWindows(captured, windowOf(before), OPTIONS);
  expect(harm).not.toHaveProperty("baseline");
  expect(harmUnknown).toBe("The confidences of vehicles were not calibrated on labeled items.");
});

test("a class that the baseline does not have, in one of 1,000 predictions, does not make the estimate doubtful", () => {
  const [first, ...rest] = items("after", 1_000);
  expect(compare([{ ...first!, class: "tram" }, ...rest]).harmUnknown).toBeUndefined();
});

test("without confidences nothing is said about the accuracy", () => {
  const mute = before.map(({ confidence: _, probabilities: __, ...item }) => item);
  expect(compare(mute)).toMatchObject({ harmUnknown: expect.stringContaining("no confidences") });
});
