import fc from "fast-check";
import { expect, test } from "vitest";
import { type Box, type Geometry, fitToInput, toSourcePixels } from "./geometry.ts";

const side = fc.integer({ min: 1, max: 5000 });
const input = fc.record({
  width: fc.integer({ min: 8, max: 1280 }),
  height: fc.integer({ min: 8, max: 1280 }),
  resize: fc.constantFrom("letterbox" as const, "stretch" as const, "crop" as const),
});
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** Converts a box from source pixels to input pixels, without clipping. */
function toInput(box: Box, geometry: Geometry): Box {
  const { source, resized, cut, place } = geometry;
  const scaleX = resized.width / source.width;
  const scaleY = resized.height / source.height;
  return {
    x: box.x * scaleX - cut.left + place.left,
    y: box.y * scaleY - cut.top + place.top,
    width: box.width * scaleX,
    height: box.height * scaleY,
  };
}

test("a box mapped to the input and back is the same", () => {
  fc.assert(
    fc.property(side, side, input, share, share, share, share, (width, height, into, a, b, c, d) => {
      const geometry = fitToInput({ width, height }, into);
      const box = { x: a * width, y: b * height, width: c * (1 - a) * width, height: d * (1 - b) * height };
      const back = toSourcePixels(toInput(box, geometry), geometry);
      for (const edge of ["x", "y", "width", "height"] as const) expect(back[edge]).toBeCloseTo(box[edge], 6);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test("letterbox keeps the whole image, crop fills the input, stretch ignores the aspect ratio", () => {
  fc.assert(
    fc.property(side, side, input, (width, height, into) => {
      const { visible, place, cut, resized } = fitToInput({ width, height }, into);
      expect(place.left + visible.width).toBeLessThanOrEqual(into.width);
      expect(place.top + visible.height).toBeLessThanOrEqual(into.height);
      expect(cut.left + visible.width).toBeLessThanOrEqual(resized.width);
      expect(cut.top + visible.height).toBeLessThanOrEqual(resized.height);
      if (into.resize === "letterbox") expect(visible).toEqual(resized);
      else expect(visible).toEqual({ width: into.width, height: into.height });
    }),
    { seed: 7, numRuns: 500 },
  );
});

test("a box outside the image is clipped", () => {
  const geometry = fitToInput({ width: 200, height: 100 }, { width: 640, height: 640, resize: "letterbox" });
  expect(toSourcePixels({ x: -50, y: 0, width: 1000, height: 1000 }, geometry)).toEqual({
    x: 0,
    y: 0,
    width: 200,
    height: 100,
  });
});
