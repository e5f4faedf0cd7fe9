import { expect, test } from "vitest";
import { formatChange, scaleOf } from "./figures.ts";

test("differences have a sign: shares in points, durations and costs in their units", () => {
  expect(formatChange("accuracy", -0.021)).toBe("−2.1 points");
  expect(formatChange("failureRate", 0)).toBe("0.0 points");
  expect(formatChange("p95", 40)).toBe("+40 ms");
  expect(formatChange("costPer1000", -0.0042)).toBe("−$0.0042");
});

test("the bars of both versions have one scale", () => {
  const figure = (low: number, high: number) => ({ value: low, low, high, count: 9 });
  const row = { name: "p50", current: figure(10, 20), candidate: figure(15, 40) } as const;
  expect(scaleOf(row)).toEqual({ from: 10, to: 40 });
  expect(scaleOf({ name: "p50", candidate: figure(15, 40) })).toEqual({ from: 15, to: 40 });
});
