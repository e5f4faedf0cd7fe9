// Compares next runs with croner, an independent implementation, where both define the same schedule.
import { Cron } from "croner";
import { expect, test } from "vitest";
import { seededRandom } from "../../../kernel/random.ts";
import { parseSchedule } from "./expression.ts";

const random = seededRandom(11);
const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
const choose = <T>(values: readonly T[]): T => values[between(0, values.length - 1)]!;

function field(low: number, high: number): string {
  const from = between(low, high);
  return choose([
    "*",
    String(from),
    `${from}-${between(from, high)}`,
    `${from},${between(low, high)}`,
    `*/${between(1, high - low)}`,
    `${from}-${high}/${between(1, 9)}`,
  ]);
}

const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;

/** The day fields of AWS. One of them is `?`, which croner writes as `*`. */
function days(): { date: string; weekday: string } {
  if (random() < 0.5) return { date: choose([field(1, 28), "L", `${between(1, 28)}W`]), weekday: "?" };
  const day = choose(DAYS);
  return { date: "?", weekday: choose([day, "MON-FRI", `${day}#${between(1, 4)}`, `${day}L`]) };
}

function expressions(count: number) {
  return Array.from({ length: count }, () => {
    const { date, weekday } = days();
    const [minute, hour, month] = [field(0, 59), field(0, 23), field(1, 12)];
    return {
      aws: `cron(${minute} ${hour} ${date} ${month} ${weekday} *)`,
      reference: `0 ${minute} ${hour} ${date} ${month} ${weekday}`.replaceAll("?", "*"),
    };
  });
}

test.each(expressions(200))("$aws has the next runs of croner", ({ aws, reference }) => {
  const schedule = parseSchedule(aws)!;
  const cron = new Cron(reference, { timezone: "UTC", paused: true });
  const runs: number[] = [];
  let after = Date.UTC(2026, between(0, 11), between(1, 28), between(0, 23), between(0, 59));
  const expected = cron.nextRuns(5, new Date(after)).map((date) => date.getTime());
  for (let index = 0; index < expected.length; index++) runs.push((after = schedule.next(after)!));
  expect(expected.length).toBeGreaterThan(0);
  expect(runs).toEqual(expected);
});
