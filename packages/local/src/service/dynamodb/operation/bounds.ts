// Converts key conditions and scan segments to byte ranges.
import type { RangeCondition } from "../expression/key-condition.ts";
import { encodeKeyValue, HASH_PREFIX_BYTES } from "../storage/key.ts";
import type { Bound } from "../storage/entries.ts";

export interface RangeBounds {
  lower?: Bound;
  upper?: Bound;
}

export function rangeBounds({ operator, values }: RangeCondition): RangeBounds {
  const [first, second] = values.map(encodeKeyValue) as [Buffer, Buffer?];
  const at = (bytes: Uint8Array, inclusive: boolean): Bound => ({ bytes, inclusive });
  switch (operator) {
    case "=":
      return { lower: at(first, true), upper: at(first, true) };
    case "<":
      return { upper: at(first, false) };
    case "<=":
      return { upper: at(first, true) };
    case ">":
      return { lower: at(first, false) };
    case ">=":
      return { lower: at(first, true) };
    case "between":
      return { lower: at(first, true), upper: at(second!, true) };
    case "begins_with": {
      const end = afterPrefix(first);
      return { lower: at(first, true), ...(end && { upper: at(end, false) }) };
    }
  }
}

/** The first bytes after all that begin with `prefix`; undefined when nothing sorts after them. */
function afterPrefix(prefix: Buffer): Buffer | undefined {
  const last = prefix.findLastIndex((byte) => byte < 255);
  if (last === -1) return undefined;
  const end = Buffer.from(prefix.subarray(0, last + 1));
  end[last]! += 1;
  return end;
}

export const isWithin = (bytes: Uint8Array, { lower, upper }: RangeBounds) => {
  const below = lower ? Buffer.compare(bytes, lower.bytes) : 1;
  const above = upper ? Buffer.compare(bytes, upper.bytes) : -1;
  return (lower?.inclusive ? below >= 0 : below > 0) && (upper?.inclusive ? above <= 0 : above < 0);
};

/** A segment's range of hash prefixes. */
export function segmentBounds(segment: number, total: number) {
  const edge = (index: number) => {
    const bytes = Buffer.alloc(HASH_PREFIX_BYTES);
    bytes.writeUInt32BE(Math.ceil((index * 2 ** 32) / total));
    return bytes;
  };
  return {
    ...(segment > 0 && { fromHash: edge(segment) }),
    ...(segment + 1 < total && { toHash: edge(segment + 1) }),
  };
}
