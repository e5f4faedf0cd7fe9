import { expect, test } from "vitest";
import { nextVersion } from "./version.ts";

test.each([
  ["0.1.0", "patch", "0.1.1"],
  ["0.1.9", "minor", "0.2.0"],
  ["0.9.9", "major", "1.0.0"],
  ["0.1.0", "0.1.10", "0.1.10"],
])("after %s, %s is %s", (current, step, next) => {
  expect(nextVersion(current, step)).toBe(next);
});

test.each(["0.1.0", "0.0.9", "next", "v1.0.0"])("%s is no version after 0.1.0", (step) => {
  expect(() => nextVersion("0.1.0", step)).toThrow(/is not (major|above)/);
});
