import { expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatDollars,
  formatMetric,
  formatPercent,
  formatPlural,
} from "./number.ts";

test("counts have thousands separators, and nouns a plural", () => {
  expect(formatCount(1_234_567)).toBe("1,234,567");
  expect([0, 1, 3].map((value) => formatPlural(value, "file"))).toEqual(["0 files", "1 file", "3 files"]);
  expect(formatPlural(2, "box", "boxes")).toBe("2 boxes");
});

test("a share is shown in percent", () => {
  expect([formatPercent(0.9821), formatPercent(1, 0)]).toEqual(["98.2 %", "100 %"]);
});

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1_000, "1.0 KB"],
  [1_500_000, "1.5 MB"],
  [5e12, "5000.0 GB"],
])("%d bytes are %s", (size, text) => {
  expect(formatBytes(size)).toBe(text);
});

test.each([
  [0, "$0.00"],
  [83.952, "$83.95"],
  [0.00421, "$0.0042"],
  [-0.05, "$-0.050"],
])("%d dollars are %s", (sum, text) => {
  expect(formatDollars(sum)).toBe(text);
});

test.each([
  [44, "44"],
  [1, "1.0000"],
  [0.96, "0.9600"],
  [12.5, "12.5000"],
])("the metric %d is %s", (value, text) => {
  expect(formatMetric(value)).toBe(text);
});
