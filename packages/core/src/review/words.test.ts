import { expect, test } from "vitest";
import type { Review } from "./review.ts";
import { endOf, saidOf } from "./words.ts";

const ended = (review: Partial<Review>, modelSaid?: string) => ({
  review: {
    status: "settled" as const,
    reason: "rejected" as const,
    openedAt: "2026-11-21T04:00:00.000Z",
    endedBy: "ada",
    endedAt: "2026-11-21T05:00:00.000Z",
    ...review,
  },
  summary: { class: modelSaid },
});

test.each([
  [{ label: "car", agreed: true }, "car", "agreed: car"],
  [{ label: "truck", agreed: false }, "car", "truck, not car"],
  [{ label: "truck" }, undefined, "truck"],
  [{ boxes: 1, agreed: true }, undefined, "agreed: 1 box"],
  [{ boxes: 0 }, undefined, "0 boxes"],
])("a verdict of %j, where the model had said %s, is told as %s", (review, modelSaid, words) => {
  expect(saidOf(ended(review, modelSaid))).toBe(words);
  expect(endOf(ended(review, modelSaid))).toBe(`ada settled it (${words}) at 2026-11-21T05:00:00.000Z`);
});

test("what was dismissed has no label to tell of", () => {
  const dismissed = ended({ status: "dismissed" }, "car");
  expect([saidOf(dismissed), endOf(dismissed)]).toEqual([
    "dismissed",
    "ada dismissed it at 2026-11-21T05:00:00.000Z",
  ]);
});
