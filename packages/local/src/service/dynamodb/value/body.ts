// The stored form of an item: DynamoDB JSON, with binary values in base64.
import { emptyItem, type Item, type Value } from "./value.ts";

export interface Body {
  text: string;
  /** 1 when the text contains base64 of binary values. */
  binary: 0 | 1;
}

export function packItem(item: Item): Body {
  let binary: 0 | 1 = 0;
  const encode = (bytes: Uint8Array) => {
    binary = 1;
    return Buffer.from(bytes).toString("base64");
  };
  const text = JSON.stringify(mapBinary(item, encode));
  return { text, binary };
}

export function unpackItem({ text, binary }: Body): Item {
  const item = JSON.parse(text) as Item;
  return binary ? mapBinary(item, (base64) => new Uint8Array(Buffer.from(base64, "base64"))) : item;
}

function mapBinary(item: Item, change: (raw: any) => any): Item {
  const result = emptyItem();
  for (const name of Object.keys(item)) result[name] = mapValue(item[name]!, change);
  return result;
}

function mapValue(value: Value, change: (raw: any) => any): Value {
  if ("B" in value) return { B: change(value.B) };
  if ("BS" in value) return { BS: value.BS.map(change) };
  if ("L" in value) return { L: value.L.map((entry) => mapValue(entry, change)) };
  if ("M" in value) return { M: mapBinary(value.M, change) };
  return value;
}
