// Pixels to a model's numbers, sixteen at a time: a third of what the same takes number by number.
import type { ImageInput } from "../package.ts";
import {
  type Code,
  add,
  advance,
  assemble,
  constant,
  get,
  highBytes,
  highWords,
  least,
  load,
  lowBytes,
  lowWords,
  multiply,
  repeat,
  set,
  shuffle,
  store,
  toFloats,
} from "./wasm.ts";

/** What turns a byte into a number, of red, green and blue: `min(byte + lack, 255) * scale + offset`. */
export interface Factors {
  lack: Float32Array;
  scale: Float32Array;
  offset: Float32Array;
}

export const PIXELS_AT_ONCE = 16;
/** A number of each. */
export const STRIP_BYTES = PIXELS_AT_ONCE * Float32Array.BYTES_PER_ELEMENT;
const PIXEL_BYTES = 3;
const VECTOR_BYTES = 16;
/** Three vectors for each of three sets of factors. */
export const FACTOR_BYTES = 9 * VECTOR_BYTES;

/** The pixels' bytes from one address to another, three addresses to write to, and that of the factors. */
export type Kernel = (from: number, end: number, ...to: [number, number, number, factors: number]) => void;

const [FROM, END, TO, FACTORS, PIXELS, LACK, SCALE, OFFSET, BYTES] = [0, 1, 2, 5, 6, 9, 12, 15, 18];

/** The order of the model's channels in red, green and blue; it is its own inverse. */
export const orderOf = ({ channels }: ImageInput): [0 | 2, 1, 0 | 2] =>
  channels === "RGB" ? [0, 1, 2] : [2, 1, 0];

/** Sixteen pixels are three strips of sixteen numbers: the byte each number is made of, and its colour. */
function stripsOf(input: ImageInput) {
  const order = orderOf(input);
  return [0, 1, 2].map((strip) => {
    const numbers = Array.from({ length: PIXELS_AT_ONCE }, (_, at) => {
      if (input.layout === "NCHW") return { pixel: at, colour: strip };
      const place = strip * PIXELS_AT_ONCE + at;
      return { pixel: Math.floor(place / PIXEL_BYTES), colour: order[place % PIXEL_BYTES]! };
    });
    const colours = numbers.map(({ colour }) => colour);
    return { bytes: numbers.map(({ pixel, colour }) => pixel * PIXEL_BYTES + colour), colours };
  });
}

/** As the kernel reads them. Four numbers meet a set at a time, which the first one's colour tells: the same always follow it. */
export function vectorsOf({ lack, scale, offset }: Factors, input: ImageInput): Float32Array {
  const colours = stripsOf(input).flatMap((strip) => strip.colours);
  const sets = [0, 1, 2].flatMap((set) => {
    const first = colours.findIndex((colour, place) => place % 4 === 0 && colour === set);
    return colours.slice(first, first + 4);
  });
  return Float32Array.from([lack, scale, offset].flatMap((kind) => sets.map((colour) => kind[colour]!)));
}

export function kernelFor(input: ImageInput): (memory: WebAssembly.Memory) => Kernel {
  const strips = stripsOf(input).flatMap(({ bytes, colours }, strip) => {
    // Those of the first 32 bytes, and then what is missing from the last sixteen.
    const early = shuffle(
      get(PIXELS),
      get(PIXELS + 1),
      bytes.map((byte) => (byte < 32 ? byte : 0)),
    );
    const all = shuffle(
      early,
      get(PIXELS + 2),
      bytes.map((byte, at) => (byte < 32 ? at : byte - 16)),
    );
    const fours = [lowBytes, highBytes].flatMap((half) =>
      [lowWords, highWords].map((quarter) => toFloats(quarter(half(get(BYTES))))),
    );
    const numbers = fours.map((four, at) => {
      const set = colours[at * 4]!;
      const whole = least(add(four, get(LACK + set)), constant(255));
      return add(multiply(whole, get(SCALE + set)), get(OFFSET + set));
    });
    return [
      ...all,
      ...set(BYTES),
      ...numbers.flatMap((number, at) => store(TO + strip, at * VECTOR_BYTES, number)),
      ...advance(TO + strip, STRIP_BYTES * (input.layout === "NCHW" ? 1 : 3)),
    ];
  });
  const factors = Array.from({ length: 9 }, (_, at) => [
    ...load(FACTORS, at * VECTOR_BYTES),
    ...set(LACK + at),
  ]);
  const pixels = [0, 1, 2].map((at) => [...load(FROM, at * VECTOR_BYTES), ...set(PIXELS + at)]);
  const step: Code = [...pixels.flat(), ...strips, ...advance(FROM, PIXELS_AT_ONCE * PIXEL_BYTES)];
  return assemble(PIXELS, BYTES + 1 - PIXELS, [...factors.flat(), ...repeat(step, FROM, END)]);
}
