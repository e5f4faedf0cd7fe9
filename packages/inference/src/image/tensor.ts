// Pixels to the numbers a model reads.
import type { ImageInput } from "../package.ts";
import type { Decoded } from "./decode.ts";
import { spread } from "./planes.ts";

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
  if (visible.width !== input.width || visible.height !== input.height) fillPad(target, input, tables);
  // Tables are in the order of the model's channels; pixels always come as RGB.
  const order = input.channels === "RGB" ? ([0, 1, 2] as const) : ([2, 1, 0] as const);
  const [reds, greens, blues] = [tables.values[order[0]], tables.values[order[1]], tables.values[order[2]]];
  // Rows as wide as the input lie one behind the other in both.
  const whole = visible.width === input.width;
  const runs = whole ? 1 : visible.height;
  const length = visible.width * (whole ? visible.height : 1);
  const plane = input.width * input.height;
  const planeOf = (at: number) => target.subarray(at * plane, (at + 1) * plane);
  const planes = [planeOf(order[0]), planeOf(order[1]), planeOf(order[2])] as const;
  let from = 0;
  for (let run = 0; run < runs; run++, from += length * 3) {
    const start = (run + place.top) * input.width + place.left;
    if (input.layout === "NCHW") spread(pixels, from, length, planes, [reds, greens, blues], start);
    else
      for (let to = start * 3, at = from; at < from + length * 3; to += 3, at += 3) {
        target[to + order[0]] = reds[pixels[at]!]!;
        target[to + 1] = greens[pixels[at + 1]!]!;
        target[to + order[2]] = blues[pixels[at + 2]!]!;
      }
  }
}

function fillPad(target: Float32Array, input: ImageInput, { pad }: Tables) {
  const plane = input.width * input.height;
  if (input.layout === "NCHW") {
    for (const [channel, value] of pad.entries()) target.fill(value, channel * plane, (channel + 1) * plane);
  } else for (let at = 0; at < plane * 3; at++) target[at] = pad[at % 3]!;
}
