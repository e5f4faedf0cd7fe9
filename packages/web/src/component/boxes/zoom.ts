// Zoom of an image in a frame that scrolls. The scroll position of the frame is the pan.
import type { Point } from "./box.ts";

export const MAX_ZOOM = 12;
const STEP = 1.5;
/** A notch of a mouse wheel is about 100 pixels; one step of a trackpad has fewer than 10. */
const MAX_WHEEL_PX = 25;
const WHEEL_PX_PER_E = 100;

export const clampZoom = (zoom: number) => Math.min(Math.max(zoom, 1), MAX_ZOOM);

export function zoomForKey(zoom: number, key: string): number | undefined {
  if (key === "+" || key === "=") return clampZoom(zoom * STEP);
  if (key === "-") return clampZoom(zoom / STEP);
  return key === "f" ? 1 : undefined;
}

export function zoomForWheel(zoom: number, deltaY: number): number {
  const pixels = Math.min(Math.max(deltaY, -MAX_WHEEL_PX), MAX_WHEEL_PX);
  return clampZoom(zoom * Math.exp(-pixels / WHEEL_PX_PER_E));
}

/** The scroll position after a zoom by `ratio` that keeps the image under `at`, a point of the frame. */
export const scrollAfterZoom = (scroll: Point, at: Point, ratio: number): Point => ({
  x: (scroll.x + at.x) * ratio - at.x,
  y: (scroll.y + at.y) * ratio - at.y,
});

export interface Pinch {
  center: Point;
  distance: number;
}

export const pinchOf = (one: Point, other: Point): Pinch => ({
  center: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 },
  distance: Math.hypot(one.x - other.x, one.y - other.y),
});
