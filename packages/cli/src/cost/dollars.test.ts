import { expect, test } from "vitest";
import { formatDollars } from "./dollars.ts";

test.each([
  [0, "$0"],
  [83.952, "$83.95"],
  [0.01, "$0.01"],
  [0.0012345, "$0.0012"],
  [0.000_000_4, "$0.00000040"],
])("%d dollars is %s", (value, text) => {
  expect(formatDollars(value)).toBe(text);
});
