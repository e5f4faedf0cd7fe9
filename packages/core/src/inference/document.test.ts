import { describe, expect, test } from "vitest";
import { Result } from "./result.ts";
import type { ModelResponse } from "./response.ts";
import { buildResult, summarizeResult } from "./document.ts";
import { applyGate } from "./gate.ts";

const timing = { decodeMs: 3, inferenceMs: 5, totalMs: 8 };
const gate = { threshold: 0.5, perClass: { door: 0.2 } };
const model = { name: "blueprints", classes: ["wall", "door", "window"], gate };
const box = { x: 1, y: 2, width: 10, height: 4 };
const detection = (found: [string, number][]): ModelResponse => ({
  model: "blueprints",
  version: "v1",
  task: "object-detection",
  detections: found.map(([name, confidence]) => ({ class: name, confidence, box })),
  image: { width: 640, height: 480 },
  timing,
});
const ranked = (
  task: "image-classification" | "text-classification",
  found: [string, number][],
): ModelResponse => ({
  model: "m",
  version: "v1",
  task,
  predictions: found.map(([name, probability]) => ({ class: name, probability })),
  timing,
});
const documented = (answer: ModelResponse) =>
  buildResult(answer, {
    id: "prd_1",
    model,
    endpoint: "e",
    source: { bucket: "b", key: "k" },
    gate: applyGate(answer, gate),
    timings: { fetchMs: 2, invokeMs: 10, totalMs: 12, engine: timing },
    at: "2026-11-21T04:00:00.000Z",
  });

describe("A detection", () => {
  test("has boxes with areas, counts of all classes, and boxes below the threshold separately", () => {
    const result = documented(
      detection([
        ["wall", 0.9],
        ["door", 0.3],
        ["window", 0.4],
      ]),
    );
    expect(Result.parse(result)).toEqual(result);
    expect(result).toMatchObject({
      detections: [
        { class: "wall", confidence: 0.9, box, area: 40 },
        { class: "door", confidence: 0.3, area: 40 },
      ],
      doubtful: [{ class: "window" }],
      statistics: { total: 2, averageConfidence: 0.6, countPerClass: { wall: 1, door: 1, window: 0 } },
      processingTime: 12,
      detectedAt: "2026-11-21T04:00:00.000Z",
      image: { width: 640, height: 480 },
    });
    expect(summarizeResult(result)).toEqual({
      class: "wall",
      confidence: 0.9,
      threshold: 0.5,
      margin: 0.1,
      total: 2,
      countPerClass: { wall: 1, door: 1, window: 0 },
    });
  });

  test("passes with a box above the threshold or without boxes, and is rejected when all boxes are below", () => {
    expect(
      applyGate(
        detection([
          ["wall", 0.4],
          ["door", 0.25],
        ]),
        gate,
      ),
    ).toMatchObject({ passed: true, class: "wall" });
    expect(applyGate(detection([]), gate)).toEqual({ threshold: 0.5, passed: true });
    expect(applyGate(detection([["wall", 0.49]]), gate)).toMatchObject({ passed: false, confidence: 0.49 });
  });
});

test("an image without objects has a summary that DynamoDB stores: no field is undefined", () => {
  const countPerClass = { wall: 0, door: 0, window: 0 };
  expect(summarizeResult(documented(detection([])))).toStrictEqual({
    threshold: 0.5,
    total: 0,
    countPerClass,
  });
});

describe("A classification", () => {
  test("passes when its strongest class reaches the threshold of that class", () => {
    const answer = (name: string, probability: number) =>
      ranked("image-classification", [[name, probability]]);
    expect(applyGate(answer("door", 0.2), gate)).toMatchObject({ passed: true, threshold: 0.2 });
    expect(applyGate(answer("wall", 0.5), gate).passed).toBe(true);
    expect(applyGate(answer("wall", 0.499), gate).passed).toBe(false);
  });

  test("has all probabilities, highest first; a text has its label and scores", () => {
    const image = documented(
      ranked("image-classification", [
        ["door", 0.2],
        ["wall", 0.8],
      ]),
    );
    expect(image).toMatchObject({
      class: "wall",
      probability: 0.8,
      probabilities: [{ class: "wall" }, { class: "door" }],
    });
    const text = documented(
      ranked("text-classification", [
        ["door", 0.2],
        ["wall", 0.8],
      ]),
    );
    expect(text).toMatchObject({ label: "wall", score: 0.8, scores: [{ class: "wall" }, { class: "door" }] });
    expect([Result.safeParse(image).success, Result.safeParse(text).success]).toEqual([true, true]);
  });
});
