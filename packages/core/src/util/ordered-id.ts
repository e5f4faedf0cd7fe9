import { randomBytes } from "node:crypto";

/** Digits in ASCII order, without letters that are easily confused. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
/** Enough base-32 digits for milliseconds until the year 3084. */
const TIME_DIGITS = 9;
const RANDOM_DIGITS = 8;

/** `ds_1hk3v7q2mabcdefgh`: ids with the same prefix sort by time. */
export function orderedId(prefix: string, now: number): string {
  const random = [...randomBytes(RANDOM_DIGITS)].map((byte) => DIGITS[byte % 32]).join("");
  return `${firstId(prefix, now)}${random}`;
}

/** The time of an ordered id, epoch ms. Undefined for any other text. */
export function timeOf(id: string): number | undefined {
  const [, digits] = new RegExp(`^[a-z]+_([${DIGITS}]{${TIME_DIGITS}})`).exec(id) ?? [];
  return digits === undefined
    ? undefined
    : [...digits].reduce((time, digit) => time * 32 + DIGITS.indexOf(digit), 0);
}

/** Sorts before every id created at `at` or later, and after every earlier id. */
export function firstId(prefix: string, at: number): string {
  let time = "";
  for (let rest = Math.max(0, Math.floor(at)), digit = 0; digit < TIME_DIGITS; digit++) {
    time = DIGITS[rest % 32]! + time;
    rest = Math.floor(rest / 32);
  }
  return `${prefix}_${time}`;
}
