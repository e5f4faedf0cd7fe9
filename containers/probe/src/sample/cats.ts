// Six cats that visit one garden, each known by coat, ears and build, and the garden with nobody in it.
import { type Random, random } from "../random.ts";
import { type Colour, camera, css, ellipse, group, line, photograph, polygon, rect, vary } from "./draw.ts";
import { type Generate, numbered } from "./sample.ts";

export const CLASSES = ["Boots", "Chi", "Kappa", "Mu", "Tau", "Wolf", "NoCat"] as const;
type Cat = Exclude<(typeof CLASSES)[number], "NoCat">;

interface Coat {
  base: Colour;
  build: number;
  ears: number;
  eyes: Colour;
  legs?: Colour;
  muzzle?: Colour;
  points?: Colour;
  stripes?: Colour;
  patches?: Colour[];
  spots?: Colour;
}

const COATS: Record<Cat, Coat> = {
  Boots: {
    base: { hue: 240, saturation: 6, light: 14 },
    build: 1,
    ears: 1,
    eyes: { hue: 70, saturation: 80, light: 55 },
    legs: { hue: 40, saturation: 10, light: 92 },
    muzzle: { hue: 40, saturation: 10, light: 92 },
  },
  Chi: {
    base: { hue: 38, saturation: 45, light: 84 },
    build: 0.85,
    ears: 1.2,
    eyes: { hue: 210, saturation: 85, light: 60 },
    points: { hue: 25, saturation: 30, light: 24 },
  },
  Kappa: {
    base: { hue: 28, saturation: 75, light: 56 },
    build: 1.1,
    ears: 0.9,
    eyes: { hue: 40, saturation: 80, light: 50 },
    stripes: { hue: 20, saturation: 75, light: 38 },
    muzzle: { hue: 35, saturation: 50, light: 85 },
  },
  Mu: {
    base: { hue: 215, saturation: 12, light: 50 },
    build: 1,
    ears: 1,
    eyes: { hue: 45, saturation: 90, light: 55 },
  },
  Tau: {
    base: { hue: 40, saturation: 12, light: 92 },
    build: 0.95,
    ears: 1,
    eyes: { hue: 100, saturation: 50, light: 50 },
    patches: [
      { hue: 26, saturation: 75, light: 52 },
      { hue: 20, saturation: 10, light: 15 },
    ],
  },
  Wolf: {
    base: { hue: 30, saturation: 18, light: 42 },
    build: 1.25,
    ears: 1.35,
    eyes: { hue: 60, saturation: 70, light: 60 },
    spots: { hue: 25, saturation: 25, light: 17 },
    muzzle: { hue: 35, saturation: 15, light: 78 },
  },
};

export const generate: Generate = async (seed, index) => {
  const label = CLASSES[index % CLASSES.length]!;
  const chance = random("cats", seed, index);
  const width = chance.int(260, 400);
  const height = Math.round(width * chance.between(0.7, 0.9));
  const ground = height * chance.between(0.78, 0.92);
  const scale = (width / 300) * chance.between(0.7, 1.05);
  const flip = chance.chance(0.5) ? -1 : 1;
  const place = `translate(${(width * chance.between(0.36, 0.64)).toFixed(1)} ${ground.toFixed(1)}) scale(${(scale * flip).toFixed(3)} ${scale.toFixed(3)})`;
  const parts = [
    ...garden(chance, width, height),
    label === "NoCat" ? visitor(chance, place) : group(place, ...cat(COATS[label], chance)),
    ...grass(chance, width, height),
  ];
  const bytes = await photograph(parts, camera(chance, width, height), chance);
  return { name: `${label}-${numbered(index)}.jpg`, contentType: "image/jpeg", label, bytes };
};

function garden(chance: Random, width: number, height: number): string[] {
  const wall = vary(
    chance.pick([
      { hue: 95, saturation: 30, light: 38 },
      { hue: 15, saturation: 30, light: 48 },
      { hue: 35, saturation: 20, light: 65 },
      { hue: 210, saturation: 15, light: 55 },
    ]),
    chance,
    2,
  );
  const floor = vary(
    chance.pick([
      { hue: 100, saturation: 40, light: 38 },
      { hue: 30, saturation: 15, light: 52 },
    ]),
    chance,
    2,
  );
  const bushes = Array.from({ length: chance.int(0, 5) }, () =>
    ellipse(
      chance.next() * width,
      height * chance.between(0.35, 0.6),
      chance.between(20, 60),
      chance.between(15, 45),
      vary({ hue: 115, saturation: 35, light: 28 }, chance, 2),
    ),
  );
  const pots = Array.from({ length: chance.int(0, 2) }, () =>
    rect(
      chance.pick([0.03, 0.86]) * width,
      height * 0.55,
      chance.between(22, 40),
      chance.between(25, 45),
      vary({ hue: 14, saturation: 50, light: 45 }, chance, 2),
    ),
  );
  return [
    rect(0, 0, width, height, wall),
    ...bushes,
    rect(0, height * chance.between(0.5, 0.65), width, height, floor),
    ...pots,
  ];
}

function grass(chance: Random, width: number, height: number): string[] {
  return Array.from({ length: chance.int(0, 25) }, () => {
    const x = chance.next() * width;
    return line(
      x,
      height,
      x + chance.between(-6, 6),
      height - chance.between(8, 32),
      vary({ hue: 100, saturation: 45, light: 35 }, chance, 2),
      2,
    );
  });
}

/** What sets the camera off when no cat does. */
function visitor(chance: Random, place: string): string {
  const tone = css({
    hue: chance.between(0, 360),
    saturation: chance.between(5, 60),
    light: chance.between(20, 85),
  });
  const kind = chance.int(0, 3);
  if (kind === 0) return "";
  if (kind === 1)
    return group(
      place,
      ellipse(0, -26, 26, 17, tone),
      ellipse(24, -46, 12, 11, tone),
      polygon(
        [
          [34, -47],
          [46, -43],
          [34, -41],
        ],
        "#e0a030",
      ),
      line(-4, -10, -4, 0, "#555", 3),
      line(6, -10, 6, 0, "#555", 3),
      polygon(
        [
          [-20, -30],
          [-52, -22],
          [-22, -20],
        ],
        tone,
      ),
    );
  if (kind === 2)
    return group(
      place,
      ellipse(0, -22, 22, 22, tone),
      `<path d="M-22,-22 Q0,-44 22,-22" stroke="#fff" stroke-width="4" fill="none"/>`,
    );
  return group(place, rect(-40, -42, 80, 42, tone), rect(-40, -42, 80, 7, "rgba(0,0,0,.3)"));
}

function cat(coat: Coat, chance: Random): string[] {
  const fur = vary(coat.base, chance);
  const shade = (colour: Colour | undefined, otherwise: string) =>
    colour ? vary(colour, chance) : otherwise;
  const legs = shade(coat.legs ?? coat.points, fur);
  const { build, ears } = coat;
  const body = { rx: 58 * build, ry: 32 * build, y: -62 };
  const lean = chance.between(-6, 6);
  const head = { x: 62 * build + lean, y: -98 + chance.between(-12, 14), r: 27 * build };
  const lift = chance.between(-22, 32);
  return [
    `<path d="M${-50 * build},-62 Q${-100 * build},${-70 - lift} ${-86 * build},${-112 - lift}" stroke="${shade(coat.points, fur)}" stroke-width="${12 * build}" fill="none" stroke-linecap="round"/>`,
    ...[-42, -24, 26, 44].flatMap((x) => {
      const foot = x * build + chance.between(-7, 7);
      return [
        line(x * build, -52, foot, -14, fur, 14 * build),
        line(foot, -18, foot + 2, -4, legs, 14 * build),
      ];
    }),
    ellipse(0, body.y, body.rx, body.ry, fur),
    ...markings(coat, chance, body),
    ...[-1, 1].map((side) =>
      polygon(
        [
          [head.x + side * 22 * build, head.y - 8],
          [head.x + side * 17 * build, head.y - 20 - 24 * ears * build],
          [head.x + side * 3 * build, head.y - 20 * build],
        ],
        shade(coat.points, fur),
      ),
    ),
    ellipse(head.x, head.y, head.r, head.r * 0.92, coat.patches ? vary(coat.patches[1]!, chance) : fur),
    ...(coat.patches
      ? [ellipse(head.x + 10, head.y - 4, head.r * 0.55, head.r * 0.7, vary(coat.patches[0]!, chance))]
      : []),
    ellipse(head.x, head.y + 11 * build, 13 * build, 10 * build, shade(coat.muzzle ?? coat.points, fur)),
    ...[-1, 1].map(
      (side) =>
        ellipse(head.x + side * 10 * build, head.y - 4, 5 * build, 5.5 * build, vary(coat.eyes, chance)) +
        ellipse(head.x + side * 10 * build, head.y - 4, 1.8, 4.5, "#111"),
    ),
    polygon(
      [
        [head.x - 4, head.y + 7],
        [head.x + 4, head.y + 7],
        [head.x, head.y + 12],
      ],
      "#c77a7a",
    ),
    ...(coat.stripes
      ? [-8, 0, 8].map((x) =>
          line(head.x + x, head.y - 24 * build, head.x + x, head.y - 13, vary(coat.stripes!, chance), 3.5),
        )
      : []),
  ];
}

function markings(coat: Coat, chance: Random, body: { rx: number; ry: number; y: number }): string[] {
  const on = (spread: number) => {
    const turn = chance.between(0, 2 * Math.PI);
    const far = Math.sqrt(chance.next()) * spread;
    return [Math.cos(turn) * far * body.rx, body.y + Math.sin(turn) * far * body.ry] as const;
  };
  if (coat.stripes)
    return Array.from({ length: 7 }, (_, at) => {
      const x = (at - 3) * body.rx * 0.25 + chance.between(-3, 3);
      const tall = body.ry * Math.sqrt(Math.max(0, 1 - (x / body.rx) ** 2)) * 0.85;
      return line(x, body.y - tall, x + 6, body.y + tall * 0.5, vary(coat.stripes!, chance), 6);
    });
  if (coat.spots)
    return Array.from({ length: 24 }, () =>
      ellipse(...on(0.85), chance.between(4, 7), chance.between(3, 6), vary(coat.spots!, chance)),
    );
  if (coat.patches)
    return Array.from({ length: 5 }, (_, at) =>
      ellipse(
        ...on(0.6),
        chance.between(12, 22),
        chance.between(9, 16),
        vary(coat.patches![at % 2]!, chance),
      ),
    );
  return [];
}
