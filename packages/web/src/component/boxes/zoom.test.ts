import { expect, test } from "vitest";
import { MAX_ZOOM, pinchOf, scrollAfterZoom, zoomForKey, zoomForWheel } from "./zoom.ts";

test("zoom by keys stays between the whole image and the maximum", () => {
  expect(zoomForKey(1, "+")).toBe(1.5);
  expect(zoomForKey(1.5, "-")).toBe(1);
  expect(zoomForKey(1, "-")).toBe(1);
  expect(zoomForKey(MAX_ZOOM, "=")).toBe(MAX_ZOOM);
  expect(zoomForKey(4, "f")).toBe(1);
  expect(zoomForKey(4, "a")).toBeUndefined();
});

test("a wheel notch and its opposite cancel, and a large step is limited", () => {
  expect(zoomForWheel(zoomForWheel(2, -4), 4)).toBeCloseTo(2);
  expect(zoomForWheel(2, -100)).toBe(zoomForWheel(2, -1_000));
  expect(zoomForWheel(1, 100)).toBe(1);
});

test("the image point under the pointer stays there", () => {
  const [scroll, at] = [
    { x: 30, y: 10 },
    { x: 100, y: 50 },
  ];
  const after = scrollAfterZoom(scroll, at, 2);
  expect(after).toEqual({ x: 160, y: 70 });
  expect(scrollAfterZoom(after, at, 0.5)).toEqual(scroll);
});

test("a pinch is the center and the distance of two fingers", () => {
  expect(pinchOf({ x: 0, y: 0 }, { x: 30, y: 40 })).toEqual({ center: { x: 15, y: 20 }, distance: 50 });
});
