// Items as columns of numbers, so that a million can be shared out in memory.
import { hash } from "node:crypto";
import { floats, shorts, words } from "@sluice/labels/growable-array.ts";

export interface Row {
  key: string;
  /** Numbers of its classes, each once; none for a picture that shows nothing. */
  classes: readonly number[];
}

/** 52 bits of a hash are exact as a number. */
const digits = 13;

export interface Columns {
  count: number;
  /** Where chance puts it among the others: by seed and key alone, so that new items move no old one. */
  chance: Float64Array;
  /** Of item i: classes[starts[i]] up to classes[starts[i + 1]]. */
  starts: Uint32Array;
  classes: Uint16Array;
}

export function columns(seed: number) {
  const [chance, starts, classes] = [floats(), words(), shorts()];
  return {
    get count() {
      return chance.length;
    },
    add(row: Row) {
      chance.push(Number.parseInt(hash("sha256", `${seed}\n${row.key}`, "hex").slice(0, digits), 16));
      starts.push(classes.length);
      for (const one of row.classes) classes.push(one);
    },
    done(): Columns {
      starts.push(classes.length);
      return { count: chance.length, chance: chance.all(), starts: starts.all(), classes: classes.all() };
    },
  };
}
