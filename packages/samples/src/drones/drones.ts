// Who is in the sky? Drones, birds, airplanes and helicopters, near and far, by day and by night, sometimes none.
import { type Colour, css, hsl } from "../draw/colour.ts";
import { type Mark, boxOf, flipOf, moved, placed, rect } from "../draw/ink.ts";
import { contentTypeOf, develop, extensionOf } from "../draw/picture.ts";
import { photoLens } from "../draw/photo.ts";
import { type Random, random } from "../random.ts";
import { type Generator, numbered } from "../sample.ts";
import { CLASSES, type Craft, DRAW, type Shade } from "./craft.ts";
import { type Sky, decoys, skyOf } from "./sky.ts";

/** Of a craft as drawn. */
const UNITS = 100;
const NONE = 0.06;

interface Seen {
  class: Craft;
  mark: Mark;
  size: number;
}

export const drones: Generator = {
  task: "object-detection",
  classes: CLASSES,
  async generate(seed, index) {
    const chance = random("drones", seed, index);
    const width = chance.int(400, 720);
    const height = Math.round(width * chance.between(0.56, 0.85));
    const sky = skyOf(width, height, chance);
    const seen = chance.chance(NONE)
      ? []
      : crowd(CLASSES[index % CLASSES.length]!, width, height, sky, chance);
    const lens = photoLens(chance, width, height);
    const svg = [
      sky.svg,
      decoys(width, height, css(hsl(220, 10, 25)), chance),
      ...seen.map(({ mark }) => mark.svg),
      chance.chance(0.1)
        ? rect(0, 0, width, height, { fill: css(sky.air), opacity: chance.between(0.15, 0.4) }).svg
        : "",
    ].join("");
    return {
      name: `${numbered(seed, index)}.${extensionOf(lens)}`,
      contentType: contentTypeOf(lens),
      bytes: await develop(svg, lens, chance),
      boxes: seen.flatMap(({ class: name, mark }) => boxOf(name, mark, width, height) ?? []),
      width,
      height,
    };
  },
};

/** One for certain, often others: birds come in flocks. Nearer ones are drawn over farther ones. */
function crowd(first: Craft, width: number, height: number, sky: Sky, chance: Random): Seen[] {
  const seen: Seen[] = [];
  const add = (name: Craft, size: number, x: number, y: number) => {
    const drawn = DRAW[name](shadeOf(name, size / width, sky, chance), chance);
    const tilt = chance.between(-1, 1) * (name === "bird" || name === "airplane" ? 25 : 12);
    seen.push({ class: name, size, mark: moved(placed(x, y, size / UNITS, tilt, flipOf(chance)), drawn) });
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
  return seen.toSorted((left, right) => left.size - right.size);
}

const PAINTS: Record<Craft, Colour[]> = {
  drone: [hsl(220, 6, 14), hsl(220, 6, 30), hsl(0, 0, 88), hsl(15, 60, 45)],
  bird: [hsl(25, 15, 18), hsl(30, 25, 34), hsl(210, 6, 85), hsl(215, 10, 45)],
  airplane: [hsl(0, 0, 94), hsl(210, 15, 82), hsl(215, 35, 45), hsl(0, 0, 35)],
  helicopter: [hsl(0, 65, 45), hsl(215, 45, 35), hsl(95, 18, 30), hsl(48, 75, 52), hsl(0, 0, 85)],
};

function shadeOf(name: Craft, size: number, { air, light }: Sky, chance: Random): Shade {
  const haze = Math.max(0, 0.55 - size * 4) * chance.between(0.4, 1);
  const paint = chance.pick(PAINTS[name]);
  // Against a bright sky most things are dark; against a dark one they are seen because lamps and the moon light them.
  const lit = light < 0.4 ? chance.between(0.8, 1.3) : light * chance.between(0.55, 1);
  const seen = (colour: Colour) =>
    css({
      hue: colour.hue,
      saturation: colour.saturation * (1 - haze),
      light: colour.light * lit * (1 - haze) + air.light * haze,
    });
  return {
    body: seen(paint),
    dark: seen({ ...paint, saturation: paint.saturation * 0.4, light: paint.light * 0.4 }),
    accent: seen(name === "bird" ? paint : hsl(chance.between(0, 360), 60, 55)),
  };
}
