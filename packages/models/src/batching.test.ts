import { expect, it } from "vitest";
import { BATCH_SIZE, batchingFor } from "./batching.ts";

it("never exceeds the concurrency of an endpoint, and leaves less than one request per batch unused", () => {
  for (let concurrency = 2; concurrency <= 200; concurrency++) {
    const { batches, requests } = batchingFor(concurrency);
    expect(batches).toBeGreaterThanOrEqual(2);
    expect(requests).toBeLessThanOrEqual(BATCH_SIZE);
    expect(batches * requests).toBeLessThanOrEqual(concurrency);
    expect(batches * (requests + 1)).toBeGreaterThan(concurrency);
  }
  expect(batchingFor(1)).toEqual({ batches: 2, requests: 1 });
});
