import { expect, test } from "vitest";
import { bar, formatBytes, heatmap, sparkline } from "./chart.ts";

test("a bar has the length of its share, in eighths of a character", () => {
  expect(bar(1)).toBe("█".repeat(24));
  expect(bar(0)).toBe("");
  expect(bar(1.5 / 24)).toBe("█▌");
});

test("a sparkline shows every bin that is not empty", () => {
  expect(sparkline([0, 1, 4, 1_000])).toBe(" ▁▁█");
  expect(sparkline([0, 0])).toBe("  ");
});

test("a heatmap is darkest at its largest number", () => {
  expect(
    heatmap([
      [0, 1],
      [5, 5],
    ]),
  ).toEqual(["|  ··|", "|████|"]);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1 KB"],
  [1_234_567, "1.23 MB"],
  [2e15, "2000 TB"],
])("%d bytes are %s", (count, text) => {
  expect(formatBytes(count)).toBe(text);
});
