// Items as columns of numbers: a million of them in some forty megabytes, where objects would take a gigabyte.
import { hash } from "node:crypto";

export interface Row {
  key: string;
  /** Numbers of its classes, each once; none for a picture that shows nothing. */
  classes: readonly number[];
  /** SHA-256 of the content in hex: equal files are one group. */
  content?: string;
  /** 16 hex digits: near ones look alike. */
  looks?: string;
  /** Epoch ms and folder: pictures taken within a moment are one burst. */
  takenAt?: number;
}

/** Doubles its room when it is full. */
function growing<A extends Float64Array | Uint32Array | Uint16Array>(make: (length: number) => A) {
  let values = make(1_024);
  let length = 0;
  return {
    push(value: number) {
      if (length === values.length) {
        const more = make(length * 2);
        more.set(values);
        values = more;
      }
      values[length++] = value;
    },
    get length() {
      return length;
    },
    done: () => values.subarray(0, length) as A,
  };
}

const floats = () => growing((length) => new Float64Array(length));
const words = () => growing((length) => new Uint32Array(length));
const shorts = () => growing((length) => new Uint16Array(length));

/** 52 bits of a hash are exact as a number. */
const digits = 13;
const numberOf = (hex: string) => Number.parseInt(hex.slice(0, digits), 16);

export interface Columns {
  count: number;
  /** Where chance puts it among the others: by seed and key alone, so that new items move no old one. */
  chance: Float64Array;
  /** Of item i: classes[starts[i]] up to classes[starts[i + 1]]. */
  starts: Uint32Array;
  classes: Uint16Array;
  /** 0 where it is not known. */
  content: Float64Array;
  looksHigh: Uint32Array;
  looksLow: Uint32Array;
  /** Bit 0: has looks. */
  has: Uint16Array;
  /** Of those whose time is known alone: few cameras leave it in. */
  dated: { item: Uint32Array; takenAt: Float64Array; folder: Float64Array };
}

export function columns(seed: number) {
  const [chance, content, takenAt, folder] = [floats(), floats(), floats(), floats()];
  const [starts, high, low, dated] = [words(), words(), words(), words()];
  const [classes, has] = [shorts(), shorts()];
  return {
    get count() {
      return chance.length;
    },
    add(row: Row) {
      chance.push(numberOf(hash("sha256", `${seed}\n${row.key}`, "hex")));
      starts.push(classes.length);
      for (const one of row.classes) classes.push(one);
      content.push(row.content === undefined ? 0 : numberOf(row.content));
      high.push(row.looks === undefined ? 0 : Number.parseInt(row.looks.slice(0, 8), 16));
      low.push(row.looks === undefined ? 0 : Number.parseInt(row.looks.slice(8, 16), 16));
      has.push(row.looks === undefined ? 0 : 1);
      if (row.takenAt === undefined) return;
      dated.push(chance.length - 1);
      takenAt.push(row.takenAt);
      folder.push(numberOf(hash("sha256", row.key.slice(0, row.key.lastIndexOf("/") + 1), "hex")));
    },
    done(): Columns {
      const count = chance.length;
      starts.push(classes.length);
      return {
        count,
        chance: chance.done(),
        starts: starts.done(),
        classes: classes.done(),
        content: content.done(),
        looksHigh: high.done(),
        looksLow: low.done(),
        has: has.done(),
        dated: { item: dated.done(), takenAt: takenAt.done(), folder: folder.done() },
      };
    },
  };
}
