// Item sizes as AWS counts them, for item limits, pages and capacity units.
import { content, typeOf, type Item, type Value } from "./value.ts";

export function itemSize(item: Item): number {
  let bytes = 0;
  for (const name of Object.keys(item)) bytes += Buffer.byteLength(name) + valueSize(item[name]!);
  return bytes;
}

function valueSize(value: Value): number {
  const raw = content(value);
  switch (typeOf(value)) {
    case "S":
      return Buffer.byteLength(raw);
    case "N":
      return numberSize(raw);
    case "B":
      return raw.length;
    case "BOOL":
    case "NULL":
      return 1;
    case "SS":
      return total(raw, (entry: string) => Buffer.byteLength(entry));
    case "NS":
      return total(raw, numberSize);
    case "BS":
      return total(raw, (entry: Uint8Array) => entry.length);
    case "L":
      return 3 + total(raw, (entry: Value) => 1 + valueSize(entry));
    case "M":
      return 3 + Object.keys(raw).length + itemSize(raw);
  }
}

/** Two digits a byte, one for the exponent, one more for the sign of a negative one. */
function numberSize(text: string): number {
  const digits = text.replace(/[-.]/g, "").replace(/^0+|0+$/g, "");
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}

const total = <T>(entries: T[], size: (entry: T) => number) =>
  entries.reduce((sum, entry) => sum + size(entry), 0);
