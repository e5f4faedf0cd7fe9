// Every number of the tensor beside the formula of the package, for all layouts and for rows that sixteen does not divide.
import { expect, test } from "vitest";
import { ImageInput } from "../package.ts";
import { fit } from "./geometry.ts";
import { canvas, factorsOf } from "./canvas.ts";

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
  // As large as the picture, or with a border at its sides or above and below.
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
  const geometry = fit(source, input);
  expect(geometry.visible).toEqual(source);
  const { pixels, tensor, write } = canvas(input, 3);
  for (let at = 0; at < source.width * source.height * 3; at++) pixels[at] = at * 89;
  tensor.fill(99);
  write(1, geometry, factorsOf(input));
  const length = width * height * 3;
  expect([tensor[length - 1], tensor[2 * length]]).toEqual([99, 99]);

  const { left, top } = geometry.place;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (const channel of [0, 1, 2] as const) {
        const inside = x >= left && x < left + source.width && y >= top && y < top + source.height;
        const colour = channels === "RGB" ? channel : 2 - channel;
        const at = ((y - top) * source.width + x - left) * 3 + colour;
        const value = inside ? pixels[at]! : input.pad;
        const place = layout === "NCHW" ? (channel * height + y) * width + x : (y * width + x) * 3 + channel;
        expect(tensor[length + place]).toBeCloseTo(
          (value * normalise.scale - normalise.mean[channel]) / normalise.std[channel],
          5,
        );
      }
});

test.each(["NCHW", "NHWC"] as const)(
  "%s: what pixels lack is added, up to white, in each colour",
  (layout) => {
    const input = ImageInput.parse({
      kind: "image",
      width: 19,
      height: 1,
      layout,
      channels: "BGR",
      normalise: { scale: 1 },
    });
    const { pixels, tensor, write } = canvas(input);
    for (let at = 0; at < pixels.length; at++) pixels[at] = at * 11;
    pixels.fill(255, 0, 3);
    pixels.fill(255, 54, 57);
    write(0, fit(input, input), factorsOf(input, [0.25, 0.5, 0.75]));
    for (let pixel = 0; pixel < 19; pixel++)
      for (const [colour, lack] of [0.25, 0.5, 0.75].entries()) {
        const place = layout === "NCHW" ? (2 - colour) * 19 + pixel : pixel * 3 + 2 - colour;
        expect(tensor[place]).toBe(Math.min(255, pixels[pixel * 3 + colour]! + lack));
      }
  },
);
