import { expect, test } from "vitest";
import type { Prediction } from "../prediction/prediction.ts";
import { distanceOf, orderByInformation } from "./information.ts";

const embeddingOf = (...values: number[]) => Buffer.from(Int8Array.from(values).buffer).toString("base64");

function review(id: string, summary: object, sampled = false): Prediction {
  const opened = { status: "open", reason: "rejected", openedAt: "2026-11-21T00:00:00.000Z", sampled };
  return { id, summary: { class: "car", ...summary }, review: opened } as unknown as Prediction;
}
const order = (items: Prediction[], labels: Record<string, number> = {}) =>
  orderByInformation(items, new Map(Object.entries(labels))).map(({ prediction, similar }) =>
    [prediction.id, ...similar].join("+"),
  );

test("a smaller margin comes first", () => {
  expect(order([review("sure", { margin: 0.9 }), review("unsure", { margin: 0.1 })])).toEqual([
    "unsure",
    "sure",
  ]);
});

test("a rare class comes first", () => {
  const items = [review("common", { margin: 0.5 }), review("rare", { margin: 0.5, class: "bus" })];
  expect(order(items, { car: 100, bus: 3 })).toEqual(["rare", "common"]);
});

test("what differs from the reviews before comes first", () => {
  const [east, alike, north] = [
    [127, 0],
    [120, 40],
    [0, 127],
  ].map((values) => embeddingOf(...values));
  const items = [
    review("a", { margin: 0.1, embedding: east }),
    review("b", { margin: 0.2, embedding: alike }),
    review("c", { margin: 0.3, embedding: north }),
  ];
  expect(order(items)).toEqual(["a", "c", "b"]);
});

test("near-duplicates of one predicted class are one group", () => {
  const embedding = embeddingOf(127, 3);
  const items = [
    review("a", { margin: 0.1, embedding }),
    review("b", { margin: 0.2, embedding: embeddingOf(127, 4) }),
    review("c", { margin: 0.2, embedding, class: "bus" }),
    review("d", { margin: 0.2 }),
  ];
  expect(order(items)).toEqual(["a+b", "d", "c"]);
});

test("the random share comes first, and is never collapsed", () => {
  const embedding = embeddingOf(127, 3);
  const items = [
    review("unsure", { margin: 0, embedding }),
    review("sampled", { margin: 0.99, embedding }, true),
  ];
  expect(order(items)).toEqual(["sampled", "unsure"]);
});

test("embeddings of different lengths, and zero, have no distance", () => {
  expect(distanceOf(Float64Array.of(1, 0), Float64Array.of(1))).toBeUndefined();
  expect(distanceOf(Float64Array.of(0, 0), Float64Array.of(1, 0))).toBeUndefined();
  expect(distanceOf(Float64Array.of(2, 0), Float64Array.of(1, 0))).toBe(0);
});
