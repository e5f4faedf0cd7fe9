import { expect, test } from "vitest";
import { readVectors } from "../../../../../../test/support/vectors.ts";
import { ownCases, type Case } from "./cases.fixture.ts";
import { compileMatcher } from "./match.ts";

const matches = (pattern: unknown, event: unknown) => compileMatcher(JSON.stringify(pattern))(event);
const refusal = (pattern: unknown) => () => compileMatcher(JSON.stringify(pattern));

function verdict(pattern: string, event: unknown) {
  try {
    return compileMatcher(pattern)(event);
  } catch {
    return "error";
  }
}

test.each(ownCases)("$name", ({ pattern, event, expect: expected }) => {
  expect(verdict(pattern, event)).toBe(expected);
});

const cases = readVectors<Case>("event-patterns.json") ?? ownCases;
test(`matches events as the ${cases === ownCases ? "own" : "recorded"} cases state`, () => {
  expect(cases.length).toBeGreaterThanOrEqual(ownCases.length);
  expect(cases.filter((one) => verdict(one.pattern, one.event) !== one.expect)).toEqual([]);
});

test("matches fields of an array within one element", () => {
  const staff = {
    staff: [
      { name: "Ada", role: "chief" },
      { name: "Bob", role: "clerk" },
    ],
  };
  expect(matches({ staff: { name: ["Ada"], role: ["chief"] } }, staff)).toBe(true);
  expect(matches({ staff: { name: ["Ada"], role: ["clerk"] } }, staff)).toBe(false);
});

test("does not mix elements of sibling arrays", () => {
  const event = { a: [{ b: [{ c: 1, d: 1 }] }, { b: [{ c: 2, d: 2 }] }] };
  expect(matches({ a: { b: { c: [2], d: [2] } } }, event)).toBe(true);
  expect(matches({ a: { b: { c: [1], d: [2] } } }, event)).toBe(false);
});

test("combines two $or by AND", () => {
  const pattern = { $or: [{ a: [1] }, { b: [1] }], detail: { $or: [{ c: [1] }, { d: [1] }] } };
  expect(matches(pattern, { b: 1, detail: { d: 1 } })).toBe(true);
  expect(matches(pattern, { b: 1, detail: { e: 1 } })).toBe(false);
});

test.each([
  ["*.jpg", "uploads/a.jpg", true],
  ["uploads/*/*.jpg", "uploads/cats/a.jpg", true],
  ["uploads/*/*.jpg", "uploads/a.jpg", false],
  ["a\\*b", "a*b", true],
  ["a\\*b", "axb", false],
  ["ab*ba", "aba", false],
  ["*", "", true],
])("wildcard %s against %s", (pattern, value, expected) => {
  expect(matches({ key: [{ wildcard: pattern }] }, { key: value })).toBe(expected);
});

test("distinguishes numbers and numeric strings", () => {
  expect(matches({ n: [100] }, { n: "100" })).toBe(false);
  expect(matches({ n: [{ numeric: ["=", 100] }] }, { n: 1e2 })).toBe(true);
});

test.each([
  [{}, /Empty objects/],
  [{ source: [] }, /Empty arrays/],
  [{ source: "x" }, /must be an object or an array/],
  [{ a: [["x"]] }, /nested/],
  [{ a: [{ prefix: "x", suffix: "y" }] }, /Only one key/],
  [{ a: [{ near: 1 }] }, /Unrecognized match type near/],
  [{ a: [{ numeric: [">", 5, "<", 1] }] }, /lower bound/],
  [{ a: [{ "anything-but": [1, "x"] }] }, /not both/],
  [{ a: [{ cidr: "10.0.0.0/40" }] }, /malformed CIDR/],
  [{ $or: [{ a: [1] }] }, /at least 2/],
])("rejects %j", (pattern, message) => {
  expect(refusal(pattern)).toThrow(message);
});
