// DynamoDB's numbers: exact decimals of up to 38 significant digits.
import { invalid } from "../error.ts";
import { MAX_DIGITS } from "../limits.ts";

/** ±0.digits × 10^exponent. `digits` has no zero at either end; it is empty for zero. */
export interface Decimal {
  negative: boolean;
  digits: string;
  exponent: number;
}

const ZERO: Decimal = { negative: false, digits: "", exponent: 0 };
// From 1E-130 to 9.99…E+125.
const MIN_EXPONENT = -129;
const MAX_EXPONENT = 126;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

function parseDecimal(text: string): Decimal {
  if (text === "") throw invalid("The parameter cannot be converted to a numeric value");
  const [, sign, whole = "", fraction = "", power = "0"] = NUMBER.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "") {
    throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  return normalize(sign === "-", whole + fraction, whole.length + Number(power));
}

/** `digits` read as 0.digits × 10^exponent, checked against the limits. */
function normalize(negative: boolean, digits: string, exponent: number): Decimal {
  const significant = digits.replace(/^0+/, "");
  const trimmed = significant.replace(/0+$/, "");
  if (trimmed === "") return ZERO;
  const result = { negative, digits: trimmed, exponent: exponent - (digits.length - significant.length) };
  if (result.exponent > MAX_EXPONENT) {
    throw invalid("Number overflow. Attempting to store a number with magnitude larger than supported range");
  }
  if (result.exponent < MIN_EXPONENT) {
    throw invalid(
      "Number underflow. Attempting to store a number with magnitude smaller than supported range",
    );
  }
  if (trimmed.length > MAX_DIGITS) {
    throw invalid("Attempting to store more than 38 significant digits in a Number");
  }
  return result;
}

/** Plain notation, as DynamoDB returns numbers: "0.001", "-12", "1000". */
function formatDecimal({ negative, digits, exponent }: Decimal): string {
  if (digits === "") return "0";
  const sign = negative ? "-" : "";
  if (exponent <= 0) return `${sign}0.${"0".repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return sign + digits.padEnd(exponent, "0");
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

/** The canonical text of a number: equal numbers have equal texts. */
export function canonicalNumber(text: string): string {
  // Most numbers are short plain integers already.
  if (/^(0|-?[1-9]\d{0,14})$/.test(text)) return text;
  return formatDecimal(parseDecimal(text));
}

export function addNumbers(left: string, right: string): string {
  return sum(parseDecimal(left), parseDecimal(right));
}

export function subtractNumbers(left: string, right: string): string {
  const { negative, ...rest } = parseDecimal(right);
  return sum(parseDecimal(left), { ...rest, negative: !negative });
}

function sum(left: Decimal, right: Decimal): string {
  const scale = Math.min(left.exponent - left.digits.length, right.exponent - right.digits.length);
  const total = unscaled(left, scale) + unscaled(right, scale);
  const digits = (total < 0n ? -total : total).toString();
  return formatDecimal(normalize(total < 0n, digits, digits.length + scale));
}

function unscaled({ negative, digits, exponent }: Decimal, scale: number): bigint {
  const value = BigInt(digits || "0") * 10n ** BigInt(Math.max(0, exponent - digits.length - scale));
  return negative ? -value : value;
}

export function compareNumbers(left: string, right: string): number {
  return Buffer.compare(encodeNumber(left), encodeNumber(right));
}

/** Bytes in the order of the numbers. */
export function encodeNumber(text: string): Buffer {
  const { negative, digits, exponent } = parseDecimal(text);
  if (digits === "") return Buffer.from([1]);
  const bytes = Buffer.alloc(digits.length + 3);
  bytes[0] = 2;
  bytes[1] = exponent - MIN_EXPONENT;
  for (let i = 0; i < digits.length; i++) bytes[i + 2] = digits.charCodeAt(i);
  // A final zero, so that -1.5 sorts before -1 after the bytes are inverted.
  if (negative) {
    for (let i = 1; i < bytes.length; i++) bytes[i] = 255 - bytes[i]!;
    bytes[0] = 0;
  }
  return bytes;
}
