import { expect, test } from "vitest";
import { compilePattern } from "./pattern.ts";

const matches = (pattern: string, message: string) => compilePattern(pattern)(message);

test("all terms must match; ? marks optional, - excluded terms, quotes contain spaces", () => {
  expect(matches("", "anything")).toBe(true);
  expect(matches("ERROR timeout", "ERROR: a timeout")).toBe(true);
  expect(matches("ERROR timeout", "ERROR")).toBe(false);
  expect(matches("?ERROR ?WARN", "a WARN b")).toBe(true);
  expect(matches("?ERROR ?WARN", "INFO")).toBe(false);
  expect(matches("ERROR -retry", "ERROR retry")).toBe(false);
  expect(matches('"not found"', "was not found")).toBe(true);
  expect(matches('"not found"', "found not")).toBe(false);
  expect(matches("%E[0-9]+%", "code E42")).toBe(true);
});

test("JSON patterns compare members, also after a runtime's prefix", () => {
  const line = JSON.stringify({
    level: "ERROR",
    ms: 120,
    tags: [{ k: "a" }],
    gone: null,
    ok: true,
    name: "cats-7",
  });
  const cases: Array<[string, boolean]> = [
    ['{ $.level = "ERROR" }', true],
    ['{$.level="INFO"}', false],
    ['{ $.level != "INFO" && $.ms > 100 }', true],
    ["{ $.ms >= 120 && ($.ms < 10 || $.ms <= 120) }", true],
    ['{ $.level = "INFO" || $.tags[0].k = "a" }', true],
    ["{ $.gone IS NULL }", true],
    ["{ $.other NOT EXISTS }", true],
    ["{ $.ok IS TRUE }", true],
    ['{ $.name = "cats-*" }', true],
    ["{ $.name = cats-7 }", true],
    ["{ $.name = %^cats% }", true],
    ['{ $.other != "x" }', false],
  ];
  for (const [pattern, expected] of cases) {
    expect(matches(pattern, line), pattern).toBe(expected);
    expect(matches(pattern, `2026-01-01T00:00:00Z\tid\tINFO\t${line}`), pattern).toBe(expected);
  }
  expect(matches('{ $.level = "ERROR" }', "plain text")).toBe(false);
});

test("invalid and unsupported patterns are rejected", () => {
  for (const pattern of ["{ $.a = }", "{ a = 1 }", "{ $.a > x }", "{ ($.a = 1 }"])
    expect(() => compilePattern(pattern), pattern).toThrow(/Invalid filter pattern/);
  expect(() => compilePattern("[ip, user]")).toThrow(/does not implement/);
});
