import { randomBytes } from "node:crypto";

/** Digits in ASCII's own order, without the letters people mistake for one another. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
/** Enough base-32 digits for milliseconds until the year 3084. */
const TIME_DIGITS = 9;
const CHANCE_DIGITS = 8;

/** `ds_1hk3v7q2mabcdefgh`: ids of one prefix sort by the time they were made. */
export function orderedId(prefix: string, now: number): string {
  const chance = [...randomBytes(CHANCE_DIGITS)].map((byte) => DIGITS[byte % 32]).join("");
  return `${firstId(prefix, now)}${chance}`;
}

/** Before every id made at `at` or later, after every earlier one. */
export function firstId(prefix: string, at: number): string {
  let time = "";
  for (let rest = Math.max(0, Math.floor(at)), digit = 0; digit < TIME_DIGITS; digit++) {
    time = DIGITS[rest % 32]! + time;
    rest = Math.floor(rest / 32);
  }
  return `${prefix}_${time}`;
}
