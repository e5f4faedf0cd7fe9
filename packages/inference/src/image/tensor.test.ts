// Every number of the tensor beside the formula of the package, for all layouts and for rows that four does not divide.
import { expect, test } from "vitest";
import { ImageInput } from "../package.ts";
import { fit } from "./geometry.ts";
import { tablesOf, tensorLength, writeTensor } from "./tensor.ts";

const normalise = { scale: 1 / 255, mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3] } as const;

test.each(
  (["NCHW", "NHWC"] as const).flatMap((layout) =>
    (["RGB", "BGR"] as const).flatMap((channels) =>
      [
        { width: 8, height: 6 },
        { width: 7, height: 5 },
        { width: 8, height: 3 },
        { width: 5, height: 6 },
      ].map((source) => ({ layout, channels, source })),
    ),
  ),
)("$layout $channels $source.width x $source.height", ({ layout, channels, source }) => {
  // As large as the picture, or with a border at its sides or above and below.
  const width = source.height === 6 ? 8 : source.width;
  const height = source.height === 3 ? 8 : source.height;
  const input = ImageInput.parse({
    kind: "image",
    width,
    height,
    layout,
    channels,
    resize: "letterbox",
    normalise: { scale: normalise.scale, mean: [...normalise.mean], std: [...normalise.std] },
  });
  const geometry = fit(source, input);
  expect(geometry.visible).toEqual(source);
  const pixels = Uint8Array.from({ length: source.width * source.height * 3 }, (_, at) => (at * 89) % 256);
  const tensor = new Float32Array(tensorLength(input)).fill(99);
  writeTensor(tensor, { pixels, geometry }, input, tablesOf(input));

  const { left, top } = geometry.place;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (const channel of [0, 1, 2] as const) {
        const inside = x >= left && x < left + source.width && y >= top && y < top + source.height;
        const colour = channels === "RGB" ? channel : 2 - channel;
        const at = ((y - top) * source.width + x - left) * 3 + colour;
        const value = inside ? pixels[at]! : input.pad;
        const place = layout === "NCHW" ? (channel * height + y) * width + x : (y * width + x) * 3 + channel;
        expect(tensor[place]).toBeCloseTo(
          (value * normalise.scale - normalise.mean[channel]) / normalise.std[channel],
          5,
        );
      }
});
