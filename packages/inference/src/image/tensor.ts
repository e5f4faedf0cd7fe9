// Pixels to the numbers a model reads.
import type { ImageInput } from "../package.ts";
import type { Decoded } from "./decode.ts";

/** A byte has 256 values, so normalising is a look-up, one table a channel. */
export function tablesOf({ normalise }: ImageInput): [Float32Array, Float32Array, Float32Array] {
  const table = (channel: 0 | 1 | 2) =>
    Float32Array.from(
      { length: 256 },
      (_, value) => (value * normalise.scale - normalise.mean[channel]) / normalise.std[channel],
    );
  return [table(0), table(1), table(2)];
}

export type Tables = ReturnType<typeof tablesOf>;

export const tensorLength = (input: ImageInput) => input.width * input.height * 3;

/** Writes one picture into `target`, which may be a slot of a batch. */
export function writeTensor(target: Float32Array, decoded: Decoded, input: ImageInput, tables: Tables) {
  const { pixels, geometry } = decoded;
  const { visible, place } = geometry;
  const [first, second, third] = tables;
  // Tables are in the order of the model's channels; pixels always come as RGB.
  const [red, blue] = input.channels === "RGB" ? [0, 2] : [2, 0];
  if (visible.width !== input.width || visible.height !== input.height) fillPad(target, input, tables);

  const planar = input.layout === "NCHW";
  const plane = input.width * input.height;
  let from = 0;
  for (let row = 0; row < visible.height; row++) {
    const start = (row + place.top) * input.width + place.left;
    if (planar) {
      const end = start + visible.width;
      for (let to = start; to < end; to++, from += 3) {
        target[to] = first[pixels[from + red]!]!;
        target[to + plane] = second[pixels[from + 1]!]!;
        target[to + 2 * plane] = third[pixels[from + blue]!]!;
      }
    } else {
      const end = (start + visible.width) * 3;
      for (let to = start * 3; to < end; to += 3, from += 3) {
        target[to] = first[pixels[from + red]!]!;
        target[to + 1] = second[pixels[from + 1]!]!;
        target[to + 2] = third[pixels[from + blue]!]!;
      }
    }
  }
}

function fillPad(target: Float32Array, input: ImageInput, tables: Tables) {
  const plane = input.width * input.height;
  if (input.layout === "NCHW") {
    for (const [channel, table] of tables.entries())
      target.fill(table[input.pad]!, channel * plane, (channel + 1) * plane);
  } else {
    const [first, second, third] = tables.map((table) => table[input.pad]!) as [number, number, number];
    for (let at = 0; at < plane * 3; at += 3) {
      target[at] = first;
      target[at + 1] = second;
      target[at + 2] = third;
    }
  }
}
