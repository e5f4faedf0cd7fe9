import { expect, test } from "vitest";
import { describeEnd, describeVerdict } from "./describe.ts";
import type { Review } from "./review.ts";

const ended = (review: Partial<Review>, predicted?: string) => ({
  review: {
    status: "resolved" as const,
    reason: "rejected" as const,
    openedAt: "2026-11-21T04:00:00.000Z",
    endedBy: "ada",
    endedAt: "2026-11-21T05:00:00.000Z",
    ...review,
  },
  summary: { class: predicted },
});

test.each([
  [{ label: "car", agreed: true }, "car", "car (confirmed)"],
  [{ label: "truck", agreed: false }, "car", "truck (predicted: car)"],
  [{ label: "truck" }, undefined, "truck"],
  [{ boxes: 1, agreed: true }, undefined, "1 box (confirmed)"],
  [{ boxes: 0 }, undefined, "0 boxes"],
])("a verdict of %j on a prediction of %s is described as %s", (review, predicted, description) => {
  const prediction = ended(review, predicted);
  expect(describeVerdict(prediction)).toBe(description);
  const preposition = "boxes" in review ? "with" : "as";
  expect(describeEnd(prediction)).toBe(
    `ada resolved it ${preposition} ${description} at 2026-11-21T05:00:00.000Z`,
  );
});

test("a dismissed review has no label in its description", () => {
  const dismissed = ended({ status: "dismissed" }, "car");
  expect([describeVerdict(dismissed), describeEnd(dismissed)]).toEqual([
    "dismissed",
    "ada dismissed it at 2026-11-21T05:00:00.000Z",
  ]);
});
