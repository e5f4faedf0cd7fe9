// Maps between the source image and the model's input.
import type { ImageInput } from "../package.ts";

export interface Size {
  width: number;
  height: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Geometry {
  source: Size;
  /** The size that the whole source is resized to. */
  resized: Size;
  /** The first pixel of the resized image that is used (crop). */
  cut: { left: number; top: number };
  /** Where it is in the input (letterbox). */
  place: { left: number; top: number };
  /** The part of the resized image that is in the input. */
  visible: Size;
}

export function fitToInput(source: Size, input: Pick<ImageInput, "width" | "height" | "resize">): Geometry {
  const target = { width: input.width, height: input.height };
  const origin = { left: 0, top: 0 };
  if (input.resize === "stretch")
    return { source, resized: target, cut: origin, place: origin, visible: target };

  const ratios = [target.width / source.width, target.height / source.height] as const;
  const scale = input.resize === "letterbox" ? Math.min(...ratios) : Math.max(...ratios);
  const resized = {
    width: Math.max(1, Math.round(source.width * scale)),
    height: Math.max(1, Math.round(source.height * scale)),
  };
  const visible = {
    width: Math.min(resized.width, target.width),
    height: Math.min(resized.height, target.height),
  };
  return {
    source,
    resized,
    cut: {
      left: Math.floor((resized.width - visible.width) / 2),
      top: Math.floor((resized.height - visible.height) / 2),
    },
    place: {
      left: Math.floor((target.width - visible.width) / 2),
      top: Math.floor((target.height - visible.height) / 2),
    },
    visible,
  };
}

/** Converts a box from input pixels to source pixels, clipped to the image. */
export function toSourcePixels(box: Box, geometry: Geometry): Box {
  const { source, resized, cut, place } = geometry;
  const scaleX = source.width / resized.width;
  const scaleY = source.height / resized.height;
  const left = clamp((box.x - place.left + cut.left) * scaleX, source.width);
  const top = clamp((box.y - place.top + cut.top) * scaleY, source.height);
  const right = clamp((box.x + box.width - place.left + cut.left) * scaleX, source.width);
  const bottom = clamp((box.y + box.height - place.top + cut.top) * scaleY, source.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function clamp(value: number, max: number) {
  return Math.min(Math.max(value, 0), max);
}
