// An error nobody expected must fail the test that caused it, not scroll by.
// A test that expects one takes it: `expectErrorLog(/pattern/)`.
import { afterEach, beforeEach, expect } from "vitest";

let logged: string[] = [];
let allowed: RegExp[] = [];
const original = console.error;

export function expectErrorLog(pattern: RegExp) {
  allowed.push(pattern);
}

beforeEach(() => {
  logged = [];
  allowed = [];
  console.error = (...parts: unknown[]) => {
    logged.push(parts.map(String).join(" "));
  };
});

afterEach(() => {
  console.error = original;
  const unexpected = logged.filter((line) => !allowed.some((pattern) => pattern.test(line)));
  expect(unexpected, "unexpected error log").toEqual([]);
});
