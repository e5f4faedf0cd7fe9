import { expect, test } from "vitest";
import { formatDuration, formatRelative } from "./time.ts";

const NOW = Date.parse("2026-01-01T12:00:00Z");

test.each([
  ["2026-01-01T12:00:00Z", "now"],
  ["2026-01-01T11:59:57Z", "3 s ago"],
  ["2026-01-01T11:00:01Z", "59 min ago"],
  ["2026-01-01T09:00:00Z", "3 h ago"],
  ["2025-12-30T12:00:00Z", "2 d ago"],
  ["2026-01-01T12:05:00Z", "in 5 min"],
])("%s is %s", (instant, text) => {
  expect(formatRelative(instant, NOW)).toBe(text);
});

test.each([
  [0.4, "0 ms"],
  [840, "840 ms"],
  [12_400, "12.4 s"],
  [185_000, "3 min 5 s"],
  [7_800_000, "2 h 10 min"],
])("%d ms are %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
