import { expect, test } from "vitest";
import { percentiles } from "./percentiles.ts";

test("percentiles are values of the sample, by nearest rank", () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(percentiles(values)).toEqual({ p50: 100, p95: 190, p99: 198 });
  expect(percentiles([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
});
