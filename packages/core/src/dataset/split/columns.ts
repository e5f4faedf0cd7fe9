// Items as columns of numbers: a million fit in memory.
import { hash } from "node:crypto";
import { growableFloat64, growableUint16, growableUint32 } from "@sluice/labels/growable-array.ts";

export interface Row {
  key: string;
  /** Numbers of its classes, without repeats. Empty for an image without objects. */
  classes: readonly number[];
}

/** Hex digits: 52 bits are exact as a number. */
const hashDigits = 13;

export interface Columns {
  count: number;
  /** Pseudo-random rank by seed and key. New items do not change the rank of others. */
  chance: Float64Array;
  /** Item i has the classes from starts[i] up to starts[i + 1]. */
  starts: Uint32Array;
  classes: Uint16Array;
}

export function columnBuilder(seed: number) {
  const [chance, starts, classes] = [growableFloat64(), growableUint32(), growableUint16()];
  return {
    get count() {
      return chance.length;
    },
    add(row: Row) {
      chance.push(Number.parseInt(hash("sha256", `${seed}\n${row.key}`, "hex").slice(0, hashDigits), 16));
      starts.push(classes.length);
      for (const one of row.classes) classes.push(one);
    },
    build(): Columns {
      starts.push(classes.length);
      return { count: chance.length, chance: chance.view(), starts: starts.view(), classes: classes.view() };
    },
  };
}
