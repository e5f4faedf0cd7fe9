import { expect, it } from "vitest";
import { BATCH, lanes } from "./lanes.ts";

it("never sends an endpoint more than it takes at once, and wastes less than one batch's share of it", () => {
  for (let concurrency = 2; concurrency <= 200; concurrency++) {
    const { batches, atOnce } = lanes(concurrency);
    expect(batches).toBeGreaterThanOrEqual(2);
    expect(atOnce).toBeLessThanOrEqual(BATCH);
    expect(batches * atOnce).toBeLessThanOrEqual(concurrency);
    expect(batches * (atOnce + 1)).toBeGreaterThan(concurrency);
  }
  expect(lanes(1)).toEqual({ batches: 2, atOnce: 1 });
});
