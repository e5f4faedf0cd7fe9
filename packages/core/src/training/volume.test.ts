import { expect, test } from "vitest";
import { volumeFor } from "./volume.ts";

const GB = 2 ** 30;

test.each([
  [0, 30],
  [9 * GB, 30],
  [100 * GB, 130],
  [50_000 * GB, 16_384],
])("a job with %d bytes of input has %d GB of disk", (bytes, gigabytes) => {
  expect(volumeFor(bytes)).toBe(gigabytes);
});
