import { expect, test } from "vitest";
import { measureBurst } from "../../bench/support/burst.ts";

const UPLOADS = 100;

test("kill -9 during a burst of uploads loses none and predicts none twice", async () => {
  const { uploads, predictions, results } = await measureBurst({ uploads: UPLOADS, killAfter: UPLOADS / 2 });
  expect(predictions).toHaveLength(uploads);
  expect(new Set(predictions.map(({ id }) => id)).size).toBe(uploads);
  expect(predictions.filter(({ status }) => !/completed|rejected/.test(status))).toEqual([]);
  expect(results).toBe(uploads);
}, 180_000);
