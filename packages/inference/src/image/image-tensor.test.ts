// Compares each value of the tensor with the formula of the package, for all layouts.
import { expect, test } from "vitest";
import { ImageInput } from "../package.ts";
import { fitToInput } from "./geometry.ts";
import { imageTensor, valueTables } from "./image-tensor.ts";

const normalise = { scale: 1 / 255, mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3] } as const;

test.each(
  (["NCHW", "NHWC"] as const).flatMap((layout) =>
    (["RGB", "BGR"] as const).flatMap((channels) =>
      [
        { width: 40, height: 36 },
        { width: 37, height: 35 },
        { width: 40, height: 13 },
        { width: 25, height: 36 },
        { width: 7, height: 36 },
      ].map((source) => ({ layout, channels, source })),
    ),
  ),
)("$layout $channels $source.width x $source.height", ({ layout, channels, source }) => {
  // The image's own size, or with padding at the sides or above and below.
  const width = source.height === 36 ? 40 : source.width;
  const height = source.height === 13 ? 40 : source.height;
  const input = ImageInput.parse({
    kind: "image",
    width,
    height,
    layout,
    channels,
    resize: "letterbox",
    normalise: { scale: normalise.scale, mean: [...normalise.mean], std: [...normalise.std] },
  });
  const geometry = fitToInput(source, input);
  expect(geometry.visible).toEqual(source);
  const { data, write } = imageTensor(input, 3);
  const pixels = Uint8Array.from({ length: source.width * source.height * 3 }, (_, at) => at * 89);
  data.fill(99);
  write(1, pixels, geometry, valueTables(input));
  const length = width * height * 3;
  expect([data[length - 1], data[2 * length]]).toEqual([99, 99]);

  const { left, top } = geometry.place;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (const channel of [0, 1, 2] as const) {
        const inside = x >= left && x < left + source.width && y >= top && y < top + source.height;
        const colour = channels === "RGB" ? channel : 2 - channel;
        const at = ((y - top) * source.width + x - left) * 3 + colour;
        const value = inside ? pixels[at]! : input.pad;
        const place = layout === "NCHW" ? (channel * height + y) * width + x : (y * width + x) * 3 + channel;
        expect(data[length + place]).toBeCloseTo(
          (value * normalise.scale - normalise.mean[channel]) / normalise.std[channel],
          5,
        );
      }
});

test.each(["NCHW", "NHWC"] as const)("%s: a shift is added to each color, up to white", (layout) => {
  const input = ImageInput.parse({
    kind: "image",
    width: 19,
    height: 1,
    layout,
    channels: "BGR",
    normalise: { scale: 1 },
  });
  const { data, write } = imageTensor(input);
  const pixels = Uint8Array.from({ length: data.length }, (_, at) => at * 11);
  pixels.fill(255, 0, 3);
  pixels.fill(255, 54, 57);
  write(0, pixels, fitToInput(input, input), valueTables(input, [0.25, 0.5, 0.75]));
  for (let pixel = 0; pixel < 19; pixel++)
    for (const [colour, shift] of [0.25, 0.5, 0.75].entries()) {
      const place = layout === "NCHW" ? (2 - colour) * 19 + pixel : pixel * 3 + 2 - colour;
      expect(data[place]).toBe(Math.min(255, pixels[pixel * 3 + colour]! + shift));
    }
});
