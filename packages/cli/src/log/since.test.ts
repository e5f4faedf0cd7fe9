import { expect, test } from "vitest";
import { parseSince } from "./since.ts";

const NOW = Date.parse("2026-03-10T12:00:00Z");

test.each([
  ["30s", 30_000],
  ["10m", 600_000],
  ["2h", 7_200_000],
  ["1d", 86_400_000],
])("%s is subtracted from now", (text, ms) => {
  expect(NOW - parseSince(text, NOW)).toBe(ms);
});

test("an ISO timestamp is parsed unchanged", () => {
  expect(parseSince("2026-01-02T03:04:05Z", NOW)).toBe(Date.parse("2026-01-02T03:04:05Z"));
});

test.each(["", "soon", "10", "5w", "-1h", "10 m"])(
  "%o fails as wrong usage, with the accepted forms",
  (text) => {
    expect(() => parseSince(text, NOW)).toThrow(
      expect.objectContaining({ code: "SINCE_INVALID", exit: 2, hint: expect.stringContaining("10m") }),
    );
  },
);
