// Drones, birds, airplanes and helicopters in the sky: near and far, by day and by night, sometimes none.
import { cameraSettings } from "../toolkit/camera.ts";
import { type Canvas, randomCanvas, cover } from "../toolkit/canvas.ts";
import { type Colour, hsl, css, tone } from "../toolkit/colour.ts";
import { type Random, maybe } from "../toolkit/random.ts";
import { detector } from "../toolkit/scene.ts";
import type { Shape } from "../toolkit/shapes.ts";
import { placement, transform, randomFlip } from "../toolkit/transform.ts";
import { CLASSES, type Craft, DRAW, type CraftColours } from "./craft.ts";
import { type Sky, decoys, drawSky } from "./sky.ts";

/** The width of a craft as drawn. */
const CRAFT_WIDTH = 100;
const EMPTY_SHARE = 0.06;

interface FlyingObject {
  class: Craft;
  shape: Shape;
  size: number;
}

export const drones = detector("drones", CLASSES, (index, chance) => {
  const canvas = randomCanvas({ width: [400, 720], ratio: [0.56, 0.85] }, chance);
  const sky = drawSky(canvas);
  const objects = chance.chance(EMPTY_SHARE)
    ? []
    : flyingObjects(CLASSES[index % CLASSES.length]!, canvas, sky);
  const settings = cameraSettings(canvas);
  const svg = [
    sky.svg,
    decoys(canvas, tone(220, 10, 25)),
    ...objects.map(({ shape }) => shape.svg),
    ...maybe(chance, 0.1, () => [
      cover(canvas, { fill: css(sky.air), opacity: chance.between(0.15, 0.4) }).svg,
    ]),
  ].join("");
  return { settings, svg, objects };
});

/** At least one object; birds may come in flocks. Near objects are drawn over far ones. */
function flyingObjects(first: Craft, { width, height, chance }: Canvas, sky: Sky): FlyingObject[] {
  const objects: FlyingObject[] = [];
  const add = (name: Craft, size: number, x: number, y: number) => {
    const drawn = DRAW[name](coloursOf(name, size / width, sky, chance), chance);
    const tilt = chance.between(-1, 1) * (name === "bird" || name === "airplane" ? 25 : 12);
    const place = placement(x, y, size / CRAFT_WIDTH, tilt, randomFlip(chance));
    objects.push({ class: name, size, shape: transform(place, drawn) });
  };
  for (let count = chance.pick([1, 1, 1, 2, 2, 3]), at = 0; at < count; at++) {
    const name = at === 0 ? first : chance.pick(CLASSES);
    // Most are far away, few are near.
    const size = width * (0.035 + 0.3 * chance.next() ** 2.2);
    const x = chance.between(0.02, 0.98) * width;
    const y = chance.between(0.04, 0.8) * height;
    add(name, size, x, y);
    if (name === "bird" && size < width * 0.12 && chance.chance(0.35))
      for (let more = chance.int(1, 6); more > 0; more--)
        add(
          name,
          size * chance.between(0.8, 1.2),
          x + chance.between(-0.3, 0.3) * width,
          y + chance.between(-0.15, 0.15) * height,
        );
  }
  return objects.toSorted((left, right) => left.size - right.size);
}

const PAINTS: Record<Craft, Colour[]> = {
  drone: [hsl(220, 6, 14), hsl(220, 6, 30), hsl(0, 0, 88), hsl(15, 60, 45)],
  bird: [hsl(25, 15, 18), hsl(30, 25, 34), hsl(210, 6, 85), hsl(215, 10, 45)],
  airplane: [hsl(0, 0, 94), hsl(210, 15, 82), hsl(215, 35, 45), hsl(0, 0, 35)],
  helicopter: [hsl(0, 65, 45), hsl(215, 45, 35), hsl(95, 18, 30), hsl(48, 75, 52), hsl(0, 0, 85)],
};

function coloursOf(name: Craft, size: number, { air, light }: Sky, chance: Random): CraftColours {
  const haze = Math.max(0, 0.55 - size * 4) * chance.between(0.4, 1);
  const paint = chance.pick(PAINTS[name]);
  // Most things are dark against a bright sky, and lit by lamps or the moon against a dark one.
  const lit = light < 0.4 ? chance.between(0.8, 1.3) : light * chance.between(0.55, 1);
  const inHaze = (colour: Colour) =>
    tone(colour.hue, colour.saturation * (1 - haze), colour.light * lit * (1 - haze) + air.light * haze);
  return {
    body: inHaze(paint),
    dark: inHaze({ ...paint, saturation: paint.saturation * 0.4, light: paint.light * 0.4 }),
    accent: inHaze(name === "bird" ? paint : hsl(chance.between(0, 360), 60, 55)),
  };
}
