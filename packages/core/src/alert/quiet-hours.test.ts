import { expect, test } from "vitest";
import { QuietHours } from "./alert.ts";
import { isQuiet } from "./quiet-hours.ts";

const night = { from: "22:00", to: "07:00", zone: "Europe/Berlin" };
const noon = { from: "12:00", to: "13:30", zone: "America/New_York" };

test.each([
  [night, "2026-01-10T20:59:59Z", false],
  [night, "2026-01-10T21:00:00Z", true],
  [night, "2026-01-11T00:00:00Z", true],
  [night, "2026-01-11T05:59:59Z", true],
  [night, "2026-01-11T06:00:00Z", false],
  // In summer, Berlin is two hours ahead of UTC.
  [night, "2026-07-10T20:00:00Z", true],
  [night, "2026-07-11T05:00:00Z", false],
  [noon, "2026-01-10T16:59:00Z", false],
  [noon, "2026-01-10T17:00:00Z", true],
  [noon, "2026-01-10T18:30:00Z", false],
  [undefined, "2026-01-10T00:00:00Z", false],
])("%j at %s: quiet %s", (quiet, at, expected) => {
  expect(isQuiet(quiet, Date.parse(at))).toBe(expected);
});

test.each([
  [{ ...night, zone: "Europe/Atlantis" }, /time zone such as/],
  [{ ...night, zone: "+01:00" }, /time zone such as/],
  [{ ...night, from: "24:00" }, /time such as 22:00/],
  [{ ...night, to: "22:00" }, /must differ/],
])("%j is not valid", (quiet, message) => {
  expect(() => QuietHours.parse(quiet)).toThrow(message);
});
