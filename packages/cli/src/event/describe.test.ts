import { expect, test } from "vitest";
import { describeEvent } from "./describe.ts";

test("a label change shows its counts and its source", () => {
  const detail = { added: 3, changed: 1, removed: 0, source: "labels/cats/a.csv" };
  expect(describeEvent({ type: "labels.changed", detail })).toBe("+3 ~1 -0 from labels/cats/a.csv");
});

test("a review request shows who asked, and the note if there is one", () => {
  expect(describeEvent({ type: "review.requested", detail: { requestedBy: "ada", note: "a bus" } })).toBe(
    "by ada: a bus",
  );
  expect(describeEvent({ type: "review.requested", detail: { requestedBy: "ada" } })).toBe("by ada");
});

test("other events show each distinct value once", () => {
  const detail = { status: "Failed", secondaryStatus: "Failed", failureReason: "out of memory", other: 1 };
  expect(describeEvent({ type: "training.changed", detail })).toBe("Failed out of memory");
});
