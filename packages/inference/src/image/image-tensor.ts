// Converts RGB bytes to the float tensor that a model reads.
import type { ImageInput } from "../package.ts";
import type { Geometry } from "./geometry.ts";

/** The tensor value of each byte, for red, green and blue. */
export type ValueTables = readonly [red: Float32Array, green: Float32Array, blue: Float32Array];

export type ImageTensor = ReturnType<typeof imageTensor>;

export const tensorLength = ({ width, height }: ImageInput) => width * height * 3;

/** The index of red, green and blue among the channels of the model. */
const channelsOf = ({ channels }: ImageInput): [0 | 2, 1, 0 | 2] =>
  channels === "RGB" ? [0, 1, 2] : [2, 1, 0];

/** `shift` is added to each byte first, up to 255. */
export function valueTables(input: ImageInput, shift: readonly number[] = [0, 0, 0]): ValueTables {
  const { scale, mean, std } = input.normalise;
  const tables = channelsOf(input).map((channel, colour) => {
    const factor = Math.fround(scale / std[channel]);
    const offset = Math.fround(-mean[channel] / std[channel]);
    const added = Math.fround(shift[colour]!);
    const value = (byte: number) =>
      Math.fround(Math.fround(Math.min(Math.fround(byte + added), 255)) * factor) + offset;
    return Float32Array.from({ length: 256 }, (_, byte) => value(byte));
  });
  return tables as [Float32Array, Float32Array, Float32Array];
}

/** Room for `images` images that run together. */
export function imageTensor(input: ImageInput, images = 1) {
  const { width, height, layout, pad } = input;
  const length = tensorLength(input);
  const pixelStep = layout === "NCHW" ? 1 : 3;
  const channelStep = layout === "NCHW" ? width * height : 1;
  const [redAt, greenAt, blueAt] = channelsOf(input).map((channel) => channel * channelStep) as [
    number,
    number,
    number,
  ];
  const padding = valueTables(input).map((table) => table[pad]!) as [number, number, number];
  const data = new Float32Array(length * images);

  function fillPadding(start: number) {
    const [red, green, blue] = padding;
    for (let to = start; to < start + width * height * pixelStep; to += pixelStep) {
      data[to + redAt] = red;
      data[to + greenAt] = green;
      data[to + blueAt] = blue;
    }
  }

  return {
    data,
    /** Writes the image at `index`; `pixels` are RGB bytes, `visible` in size. */
    write(index: number, pixels: Uint8Array, { visible, place }: Geometry, [red, green, blue]: ValueTables) {
      const start = index * length;
      if (visible.width !== width || visible.height !== height) fillPadding(start);
      for (let row = 0, from = 0; row < visible.height; row++) {
        const first = start + ((row + place.top) * width + place.left) * pixelStep;
        const end = first + visible.width * pixelStep;
        for (let to = first; to < end; to += pixelStep, from += 3) {
          data[to + redAt] = red[pixels[from]!]!;
          data[to + greenAt] = green[pixels[from + 1]!]!;
          data[to + blueAt] = blue[pixels[from + 2]!]!;
        }
      }
    },
  };
}
