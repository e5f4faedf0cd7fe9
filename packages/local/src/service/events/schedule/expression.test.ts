import { expect, test } from "vitest";
import { parseSchedule } from "./expression.ts";

const next = (expression: string, after: string, zone?: string) => {
  const at = parseSchedule(expression, zone)!.next(Date.parse(after));
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 16);
};

test.each([
  ["rate(5 minutes)", "2026-01-01T00:00:30Z", "2026-01-01T00:05"],
  ["cron(0/15 * * * ? *)", "2026-01-01T00:00:00Z", "2026-01-01T00:15"],
  ["cron(0 12 * * ? *)", "2026-01-01T12:00:00Z", "2026-01-02T12:00"],
  ["cron(15 10 ? * MON-FRI *)", "2026-01-02T11:00:00Z", "2026-01-05T10:15"],
  ["cron(0 8 1 * ? *)", "2026-01-31T00:00:00Z", "2026-02-01T08:00"],
  ["cron(0 0 L * ? *)", "2028-02-01T00:00:00Z", "2028-02-29T00:00"],
  ["cron(0 0 1W * ? *)", "2026-07-31T00:00:00Z", "2026-08-03T00:00"],
  ["cron(0 0 ? * 6#3 *)", "2026-01-01T00:00:00Z", "2026-01-16T00:00"],
  ["cron(0 0 ? * FRIL *)", "2026-01-01T00:00:00Z", "2026-01-30T00:00"],
  ["cron(0 0 29 2 ? 2027-2030)", "2026-01-01T00:00:00Z", "2028-02-29T00:00"],
  ["cron(0 0 1 1 ? 2020)", "2026-01-01T00:00:00Z", undefined],
  ["at(2026-03-01T09:00:00)", "2026-01-01T00:00:00Z", "2026-03-01T09:00"],
  ["at(2025-03-01T09:00:00)", "2026-01-01T00:00:00Z", undefined],
])("%s after %s is %s", (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

test("uses the local time of its time zone", () => {
  const nine = "cron(0 9 * * ? *)";
  expect(next(nine, "2026-01-01T00:00:00Z", "Europe/Berlin")).toBe("2026-01-01T08:00");
  expect(next(nine, "2026-07-01T00:00:00Z", "Europe/Berlin")).toBe("2026-07-01T07:00");
});

test("does not run in a skipped hour, and runs once in a repeated one", () => {
  const half = "cron(30 2 * * ? *)";
  expect(next(half, "2026-03-28T12:00:00Z", "Europe/Berlin")).toBe("2026-03-30T00:30");
  expect(next(half, "2026-10-24T12:00:00Z", "Europe/Berlin")).toBe("2026-10-25T00:30");
  expect(next(half, "2026-10-25T00:30:00Z", "Europe/Berlin")).toBe("2026-10-26T01:30");
});

test.each([
  "rate(1 minutes)",
  "rate(5 minute)",
  "rate(0 minutes)",
  "cron(0 12 * * * *)",
  "cron(0 12 ? * ? *)",
  "cron(60 12 * * ? *)",
  "cron(0 12 * * ?)",
  "every day",
])("rejects %s", (expression) => {
  expect(parseSchedule(expression)).toBeUndefined();
});

test("rejects an unknown time zone", () => {
  expect(parseSchedule("rate(1 minute)", "Mars/Olympus")).toBeUndefined();
});
