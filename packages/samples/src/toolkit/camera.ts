// Image settings of an ordinary camera, by day and at night.
import { type Canvas, cover } from "./canvas.ts";
import { tone } from "./colour.ts";
import type { ImageSettings } from "./render.ts";
import type { Shape } from "./shapes.ts";

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

/** The same camera at night: a short exposure with a high gain. */
export const nightSettings = (settings: ImageSettings, { chance }: Canvas): ImageSettings => ({
  ...settings,
  brightness: settings.brightness * chance.between(0.4, 0.6),
  blur: settings.blur + chance.between(0.3, 0.8),
  noise: settings.noise + chance.between(6, 14),
});

/** Fog before the subject, lit by street lamps. */
export const fog = (canvas: Canvas): Shape =>
  cover(canvas, { fill: tone(35, 20, 60), opacity: canvas.chance.between(0.25, 0.45) });
