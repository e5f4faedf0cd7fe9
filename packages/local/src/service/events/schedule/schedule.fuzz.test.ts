// Schedules of any text are rejected, or have a next run after the last one.
import { expect, test } from "vitest";
import { neverBreaks, textOf } from "../../../../../../test/support/fuzz.ts";
import { parseSchedule } from "./expression.ts";

const NOW = Date.UTC(2026, 0, 1);
const never = () => false;

const checked = (expression: string) => {
  const next = parseSchedule(expression)?.next(NOW);
  if (next !== undefined) expect(next).toBeGreaterThan(NOW);
};

test("any text", async () => {
  const text = textOf(
    "rate(",
    "cron(",
    "at(",
    ")",
    " ",
    "1",
    "5",
    "minutes",
    "hour",
    "2026-01-01T00:00:00",
    "?",
    "*",
  );
  await neverBreaks(text, checked, never, 500);
});

test("cron expressions of any fields", async () => {
  const field = [
    "*",
    "?",
    "0",
    "1",
    "15",
    "31",
    "60",
    "-",
    ",",
    "/",
    "L",
    "W",
    "#",
    "MON",
    "FRI",
    "JAN",
    "2026",
    "2199",
    "1e1",
    "99",
  ];
  const text = textOf(...field, " ", " ", " ", " ").map((fields) => `cron(${fields})`);
  await neverBreaks(text, checked, never, 500);
  const six = textOf(...field);
  await neverBreaks(six, (one) => checked(`cron(0 0 ${one} ${one} ? *)`), never, 300);
  await neverBreaks(six, (one) => checked(`cron(${one} ${one} ? * ${one} ${one})`), never, 300);
});
