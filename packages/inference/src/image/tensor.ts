// Pixels to the numbers a model reads.
import type { ImageInput } from "../package.ts";
import type { Decoded } from "./decode.ts";

export interface Tables {
  /** In the order of the model's channels. */
  values: [Float32Array, Float32Array, Float32Array];
  /** What stands around a letterboxed picture. */
  pad: [number, number, number];
}

/**
 * A byte has 256 values, so normalising is a look-up, one table a channel. `missing` is what the pixels' red, green and blue
 * lack of the picture's.
 */
export function tablesOf(
  { normalise, channels, pad }: ImageInput,
  missing: readonly [number, number, number] = [0, 0, 0],
): Tables {
  const normalised = (value: number, channel: 0 | 1 | 2) =>
    Math.fround((value * normalise.scale - normalise.mean[channel]) / normalise.std[channel]);
  const table = (channel: 0 | 1 | 2) => {
    const lacks = missing[channels === "RGB" ? channel : ((2 - channel) as 0 | 1 | 2)];
    return Float32Array.from({ length: 256 }, (_, value) =>
      normalised(Math.min(255, value + lacks), channel),
    );
  };
  return {
    values: [table(0), table(1), table(2)],
    pad: [normalised(pad, 0), normalised(pad, 1), normalised(pad, 2)],
  };
}

export const tensorLength = (input: ImageInput) => input.width * input.height * 3;

/** Writes one picture into `target`, which may be a slot of a batch. */
export function writeTensor(target: Float32Array, decoded: Decoded, input: ImageInput, tables: Tables) {
  const { pixels, geometry } = decoded;
  const { visible, place } = geometry;
  const [first, second, third] = tables.values;
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

function fillPad(target: Float32Array, input: ImageInput, { pad }: Tables) {
  const plane = input.width * input.height;
  if (input.layout === "NCHW") {
    for (const [channel, value] of pad.entries()) target.fill(value, channel * plane, (channel + 1) * plane);
  } else for (let at = 0; at < plane * 3; at++) target[at] = pad[at % 3]!;
}
