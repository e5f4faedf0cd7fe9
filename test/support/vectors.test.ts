import { afterEach, expect, test, vi } from "vitest";
import { readVectors } from "./vectors.ts";

afterEach(() => void vi.unstubAllEnvs());

test("missing recorded cases are an error in CI; elsewhere the project's own cases are used", () => {
  vi.stubEnv("CI", "true");
  expect(() => readVectors("none.json")).toThrow(/none\.json does not exist/);
  vi.stubEnv("SLUICE_VECTORS", "own");
  expect(readVectors("none.json")).toBeUndefined();
  vi.stubEnv("CI", "");
  vi.stubEnv("SLUICE_VECTORS", "");
  expect(readVectors("none.json")).toBeUndefined();
});
