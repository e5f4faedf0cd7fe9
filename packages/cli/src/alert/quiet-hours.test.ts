import { expect, test } from "vitest";
import { parseQuietHours } from "./quiet-hours.ts";

test("quiet hours are two times and a time zone", () => {
  expect(parseQuietHours(undefined, undefined)).toBeUndefined();
  expect(parseQuietHours("22:00-07:00", "Asia/Tokyo")).toEqual({
    from: "22:00",
    to: "07:00",
    zone: "Asia/Tokyo",
  });
  expect(parseQuietHours("22:00-07:00", undefined)?.zone).toMatch(/^[A-Z]/);
});

test.each([
  ["22:00", undefined, /"22:00" is not a range/],
  ["1-2-3", undefined, /is not a range/],
  [undefined, "UTC", /--zone needs --quiet/],
])("%s in %s is wrong usage", (quiet, zone, message) => {
  expect(() => parseQuietHours(quiet, zone)).toThrow(message);
});
