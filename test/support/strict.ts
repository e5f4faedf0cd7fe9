// Fails a test on any ERROR log line that it did not expect. A test allows one with `expectErrorLog` (error-log.ts).
import { afterAll, afterEach, beforeAll } from "vitest";
import { assertExpectedErrorLog, assertNoErrorLog, trapErrorLog } from "./error-log.ts";

let restore: () => void;
beforeAll(() => {
  restore = trapErrorLog();
});
afterEach(assertNoErrorLog);
// Runs after the hooks of the file: what its clouds log while they stop counts too.
afterAll(() => {
  restore();
  assertNoErrorLog();
  assertExpectedErrorLog();
});
