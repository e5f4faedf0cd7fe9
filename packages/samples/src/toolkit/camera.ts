// Image settings of an ordinary camera.
import type { Canvas } from "./canvas.ts";
import type { ImageSettings } from "./render.ts";

/** One image of eight is difficult: dark or bright, blurred, noisy. */
export function cameraSettings({ width, height, chance }: Canvas): ImageSettings {
  const hard = chance.chance(0.12);
  return {
    width,
    height,
    brightness: hard
      ? chance.pick([chance.between(0.45, 0.65), chance.between(1.3, 1.5)])
      : chance.between(0.78, 1.2),
    blur: chance.chance(0.3) ? chance.between(0.4, hard ? 2.2 : 1.2) : 0,
    noise: hard ? chance.between(8, 22) : chance.between(0, 8),
    format: chance.pick(["jpeg", "jpeg", "jpeg", "png", "webp"]),
    quality: hard ? chance.int(30, 60) : chance.int(70, 92),
  };
}
