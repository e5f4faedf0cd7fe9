import { expect, test } from "vitest";
import { formatSummary } from "./format.ts";

test("a classifier's prediction shows its class and confidence", () => {
  const summary = { class: "car", confidence: 0.9821, threshold: 0.9 };
  expect(formatSummary({ status: "completed", summary } as never)).toBe("car 98.2 %");
});

test("a detector's prediction shows the count of each class it found", () => {
  const format = (countPerClass: Record<string, number>) =>
    formatSummary({ status: "completed", summary: { countPerClass } } as never);
  expect(format({ car: 2, bird: 0, plane: 1 })).toBe("2 car, 1 plane");
  expect(format({ car: 0 })).toBe("no objects");
});

test("a failed prediction shows its error code", () => {
  const error = { code: "UNREADABLE", message: "", hint: "" };
  expect(formatSummary({ status: "failed", error } as never)).toBe("UNREADABLE");
  expect(formatSummary({ status: "pending" } as never)).toBe("");
});
