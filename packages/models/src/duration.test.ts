import { describe, expect, test } from "vitest";
import { Duration, seconds } from "./duration.ts";

describe("A duration", () => {
  test.each([
    ["90 seconds", 90],
    ["1.1 hours", 3_960],
    ["1 day", 86_400],
  ] as const)("of %s is %i s", (text, wanted) => {
    expect(seconds(Duration.parse(text))).toBe(wanted);
  });

  test.each([
    ["2h", /a number and its unit, such as .*`2 hours`/],
    ["", /a number and its unit/],
    [90, /a number and its unit/],
    ["-1 days", /at least 1 second/],
    ["0 minutes", /at least 1 second/],
  ])("of %j is an error that states the right form", (text, problem) => {
    expect(Duration.safeParse(text).error?.issues[0]?.message).toMatch(problem);
  });
});
