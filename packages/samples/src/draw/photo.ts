// What an ordinary camera does: exposure, focus, grain, format.
import type { Random } from "../random.ts";
import type { Lens } from "./picture.ts";

export function photoLens(chance: Random, width: number, height: number): Lens {
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
