// Equality and order of attribute values.
import { compareNumbers } from "./decimal.ts";
import { attribute, content, typeOf, type Item, type Value } from "./value.ts";

export function equal(left: Value, right: Value): boolean {
  const type = typeOf(left);
  if (type !== typeOf(right)) return false;
  const [a, b] = [content(left), content(right)];
  switch (type) {
    case "B":
      return Buffer.compare(a, b) === 0;
    case "SS":
    case "NS":
      return a.length === b.length && new Set([...a, ...b]).size === a.length;
    case "BS":
      return a.length === b.length && a.every((entry: Uint8Array) => hasBytes(b, entry));
    case "L":
      return a.length === b.length && a.every((entry: Value, i: number) => equal(entry, b[i]));
    case "M":
      return equalItems(a, b);
    default:
      return a === b;
  }
}

function equalItems(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => {
      const other = attribute(right, name);
      return other !== undefined && equal(left[name]!, other);
    })
  );
}

export const hasBytes = (set: Uint8Array[], entry: Uint8Array) =>
  set.some((other) => Buffer.compare(other, entry) === 0);

/** Negative, zero or positive; undefined for different types and for types without order. */
export function compare(left: Value, right: Value): number | undefined {
  if ("S" in left && "S" in right) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if ("N" in left && "N" in right) return compareNumbers(left.N, right.N);
  if ("B" in left && "B" in right) return Buffer.compare(left.B, right.B);
  return undefined;
}
