import { createHash } from "node:crypto";
import { StateError } from "../error.ts";
import { isEqual, isObject, type Json } from "../json.ts";
import { formatAsJava } from "./java-text.ts";

/** What functions may read besides their arguments. */
export interface RandomSource {
  random: () => number;
  uuid: () => string;
}

const MAX_ITEMS = 1_000;
/** Characters of a text that is hashed or encoded. */
const MAX_TEXT = 10_000;

const fail = (cause: string) => new StateError("States.IntrinsicFailure", cause);

function text(value: Json, max?: number): string {
  if (typeof value !== "string") throw fail(`Expected a string but was ${JSON.stringify(value)}`);
  if (max !== undefined && value.length > max) throw fail(`The string is longer than ${max} characters`);
  return value;
}
function list(value: Json): Json[] {
  if (!Array.isArray(value)) throw fail(`Expected an array but was ${JSON.stringify(value)}`);
  return value;
}
function number(value: Json): number {
  if (typeof value !== "number") throw fail(`Expected a number but was ${JSON.stringify(value)}`);
  return value;
}
/** As Java's `Math.round`. Adding zero turns -0 into 0. */
const rounded = (value: Json) => Math.round(number(value)) + 0;

/** Number of arguments, and the function. */
type Intrinsic = [min: number, max: number, call: (given: Json[], chance: RandomSource) => Json];

const ALGORITHMS = ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"];

export const functions: Record<string, Intrinsic> = {
  Array: [0, Infinity, (items) => items],
  ArrayPartition: [2, 2, ([items, size]) => partition(list(items!), rounded(size!))],
  ArrayContains: [2, 2, ([items, item]) => list(items!).some((one) => isEqual(one, item!))],
  ArrayRange: [3, 3, ([first, last, step]) => range(rounded(first!), rounded(last!), rounded(step!))],
  ArrayGetItem: [2, 2, ([items, index]) => itemAt(list(items!), rounded(index!))],
  ArrayLength: [1, 1, ([items]) => list(items!).length],
  ArrayUnique: [
    1,
    1,
    ([items]) =>
      list(items!).filter((one, index, all) => all.findIndex((other) => isEqual(one, other)) === index),
  ],
  Base64Encode: [1, 1, ([value]) => Buffer.from(text(value!, MAX_TEXT)).toString("base64")],
  Base64Decode: [1, 1, ([value]) => Buffer.from(text(value!, MAX_TEXT), "base64").toString()],
  Format: [1, Infinity, ([template, ...values]) => format(text(template!), values)],
  Hash: [2, 2, ([value, algorithm]) => hash(value!, text(algorithm!))],
  JsonMerge: [3, 3, ([left, right, deep]) => merge(left!, right!, deep!)],
  JsonToString: [1, 1, ([value]) => JSON.stringify(value)],
  MathAdd: [2, 2, ([left, right]) => rounded(left!) + rounded(right!)],
  MathRandom: [2, 3, ([start, end], { random }) => drawBetween(rounded(start!), rounded(end!), random)],
  StringSplit: [2, 2, ([value, separators]) => split(text(value!), text(separators!))],
  StringToJson: [1, 1, ([value]) => parse(text(value!))],
  UUID: [0, 0, (_, { uuid }) => uuid()],
};

function partition(items: Json[], size: number): Json[] {
  if (size <= 0) throw fail("The size of a part must be positive");
  const parts: Json[] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}

function range(first: number, last: number, step: number): Json[] {
  if (step === 0) throw fail("The step of a range must not be zero");
  const count = Math.floor((last - first) / step) + 1;
  if (count > MAX_ITEMS) throw fail(`A range has at most ${MAX_ITEMS} items`);
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
}

function itemAt(items: Json[], index: number): Json {
  const item = items[index];
  if (item === undefined) throw fail(`The index ${index} is outside the array`);
  return item;
}

function format(template: string, values: Json[]): string {
  let next = 0;
  const formatted = template.replace(/\\([{}])|\{\}/g, (_, escaped: string | undefined) => {
    if (escaped) return escaped;
    if (next >= values.length) throw fail("The template has more places than arguments");
    return formatAsJava(values[next++]!);
  });
  if (next < values.length) throw fail("The template has fewer places than arguments");
  return formatted;
}

function hash(value: Json, algorithm: string): string {
  if (!ALGORITHMS.includes(algorithm)) throw fail(`Unknown hash algorithm ${algorithm}`);
  const data = typeof value === "string" ? value : JSON.stringify(value);
  return createHash(algorithm.replace("-", "").toLowerCase()).update(text(data, MAX_TEXT)).digest("hex");
}

function merge(left: Json, right: Json, deep: Json): Json {
  if (!isObject(left) || !isObject(right)) throw fail("Only objects can be merged");
  if (deep !== false) throw fail("Deep merge is not supported");
  return { ...left, ...right };
}

function drawBetween(start: number, end: number, random: () => number): number {
  if (end <= start) throw fail("The end must be greater than the start");
  return start + Math.floor(random() * (end - start));
}

/** Each character of the separators separates. Empty parts are left out. */
function split(value: string, separators: string): Json[] {
  const parts = [""];
  for (const character of value) {
    if (separators.includes(character)) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part !== "");
}

function parse(value: string): Json {
  if (value.trim() === "") return null;
  try {
    const parsed = JSON.parse(value) as Json;
    return Object.is(parsed, -0) ? 0 : parsed;
  } catch (cause) {
    throw fail(`The string is not JSON: ${(cause as Error).message}`);
  }
}
