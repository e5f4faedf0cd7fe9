// Attribute values: validated and converted to canonical form.
import { invalid, invalidValues } from "../error.ts";
import { MAX_DEPTH } from "../limits.ts";
import { canonicalNumber } from "./decimal.ts";

export type Value =
  | { S: string }
  | { N: string }
  | { B: Uint8Array }
  | { BOOL: boolean }
  | { NULL: true }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: Uint8Array[] }
  | { L: Value[] }
  | { M: Item };

export type Item = Record<string, Value>;
export type KeyType = "S" | "N" | "B";

export const valueTypes = ["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"] as const;
export type ValueType = (typeof valueTypes)[number];
const known = new Set<string>(valueTypes);

/** The type a stored or already checked value has. */
export function typeOf(value: Value): ValueType {
  for (const type in value) return type as ValueType;
  throw new TypeError("an attribute value without a type");
}

export const content = (value: Value): any => Object.values(value)[0];

/** Without prototype, so that attributes may be named "constructor" or "__proto__". */
export const emptyItem = (): Item => Object.create(null) as Item;

export const attribute = (item: Item, name: string): Value | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined;

export function readItem(input: Record<string, unknown>, depth = 0): Item {
  const item = emptyItem();
  for (const name of Object.keys(input)) item[name] = readValue(input[name], depth);
  return item;
}

export function readValue(input: unknown, depth = 0): Value {
  const present = Object.entries((input ?? {}) as Record<string, unknown>).filter(
    ([type, content]) => known.has(type) && content !== undefined && content !== null,
  );
  if (present.length === 0) {
    throw invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  }
  if (present.length > 1) {
    throw invalid(
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    );
  }
  const [type, raw] = present[0] as [ValueType, any];
  switch (type) {
    case "S":
      return { S: raw };
    case "N":
      return { N: canonicalNumber(raw) };
    case "B":
      return { B: raw };
    case "BOOL":
      return { BOOL: raw };
    case "NULL":
      if (raw !== true) throw invalidValues("Null attribute value types must have the value of true");
      return { NULL: true };
    case "SS":
      return { SS: readStringSet(raw) };
    case "NS":
      return { NS: readNumberSet(raw) };
    case "BS":
      return { BS: readBinarySet(raw) };
    case "L":
      return { L: raw.map((entry: unknown) => readValue(entry, nextDepth(depth))) };
    case "M":
      return { M: readItem(raw, nextDepth(depth)) };
  }
}

function nextDepth(depth: number): number {
  if (depth >= MAX_DEPTH) throw invalid("Nesting Levels have exceeded supported limits");
  return depth + 1;
}

function readStringSet(entries: string[]): string[] {
  if (entries.length === 0) throw invalidValues("An string set  may not be empty");
  if (new Set(entries).size < entries.length) {
    throw invalidValues(`Input collection [${entries.join(", ")}] contains duplicates.`);
  }
  return entries;
}

function readNumberSet(entries: string[]): string[] {
  if (entries.length === 0) throw invalidValues("An number set  may not be empty");
  const numbers = entries.map(canonicalNumber);
  if (new Set(numbers).size < numbers.length) throw invalid("Input collection contains duplicates");
  return numbers;
}

function readBinarySet(entries: Uint8Array[]): Uint8Array[] {
  if (entries.length === 0) throw invalidValues("Binary sets should not be empty");
  const texts = entries.map((entry) => Buffer.from(entry).toString("base64"));
  if (new Set(texts).size < texts.length) {
    throw invalidValues(`Input collection [${texts.join(", ")}]of type BS contains duplicates.`);
  }
  return entries;
}
