// Rotates, zooms and flips an image; the result has the same size.
import type { Random } from "@sluice/samples/toolkit/random.ts";

export interface Augmentation {
  flipHorizontal: boolean;
  flipVertical: boolean;
  /** As a share of a full turn, to either side: 0.1 is 36 degrees. */
  rotation: number;
  /** As a share of the size, to either side. */
  zoom: number;
}

export function augment(pixels: Uint8Array, size: number, how: Augmentation, chance: Random): Uint8Array {
  const angle = chance.between(-how.rotation, how.rotation) * 2 * Math.PI;
  const zoom = 1 + chance.between(-how.zoom, how.zoom);
  const flipX = how.flipHorizontal && chance.chance(0.5) ? -1 : 1;
  const flipY = how.flipVertical && chance.chance(0.5) ? -1 : 1;
  const light = chance.between(0.85, 1.15);
  const cos = Math.cos(angle) / zoom;
  const sin = Math.sin(angle) / zoom;
  const middle = (size - 1) / 2;
  const out = new Uint8Array(pixels.length);
  for (let y = 0, to = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const dx = (x - middle) * flipX;
      const dy = (y - middle) * flipY;
      const fromX = mirror(cos * dx - sin * dy + middle, size);
      const fromY = mirror(sin * dx + cos * dy + middle, size);
      const left = Math.min(Math.floor(fromX), size - 2);
      const top = Math.min(Math.floor(fromY), size - 2);
      const u = fromX - left;
      const v = fromY - top;
      for (let channel = 0; channel < 3; channel++, to++) {
        const at = (top * size + left) * 3 + channel;
        const upper = pixels[at]! * (1 - u) + pixels[at + 3]! * u;
        const lower = pixels[at + size * 3]! * (1 - u) + pixels[at + size * 3 + 3]! * u;
        out[to] = Math.min(255, (upper * (1 - v) + lower * v) * light);
      }
    }
  return out;
}

/** Mirrors the image past its edge: the model must not learn black corners. */
function mirror(position: number, size: number): number {
  const last = size - 1;
  const folded = Math.abs(position) % (2 * last);
  return folded > last ? 2 * last - folded : folded;
}
