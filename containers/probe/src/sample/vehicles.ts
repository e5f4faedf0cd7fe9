// Vehicles from the side on a road, in any weather, colour, size and place, sometimes half hidden.
import { type Random, random } from "../random.ts";
import { camera, css, ellipse, group, line, photograph, polygon, rect, vary } from "./draw.ts";
import { type Generate, numbered } from "./sample.ts";

export const CLASSES = ["car", "truck", "bus", "motorcycle", "bicycle"] as const;
type Kind = (typeof CLASSES)[number];

export const generate: Generate = async (seed, index) => {
  const label = CLASSES[index % CLASSES.length]!;
  const chance = random("vehicles", seed, index);
  const width = chance.int(240, 420);
  const height = Math.round(width * chance.between(0.65, 0.95));
  const road = height * chance.between(0.7, 0.88);
  const scale = (width / 340) * chance.between(0.75, 1.15);
  const x = width / 2 + chance.between(-0.09, 0.09) * width;
  const flip = chance.chance(0.5) ? -1 : 1;
  const parts = [
    ...scenery(chance, width, height, road),
    group(
      `translate(${x.toFixed(1)} ${road.toFixed(1)}) rotate(${chance.between(-4, 4).toFixed(1)}) scale(${(scale * flip).toFixed(3)} ${scale.toFixed(3)})`,
      ellipse(0, 3, 110, 6, "rgba(0,0,0,0.25)"),
      ...DRAW[label](chance),
    ),
    ...foreground(chance, width, height),
  ];
  const bytes = await photograph(parts, camera(chance, width, height), chance);
  return { name: `${label}-${numbered(index)}.jpg`, contentType: "image/jpeg", label, bytes };
};

function scenery(chance: Random, width: number, height: number, road: number): string[] {
  const sky = vary(
    chance.pick([
      { hue: 205, saturation: 60, light: 80 },
      { hue: 215, saturation: 12, light: 72 },
      { hue: 28, saturation: 60, light: 78 },
      { hue: 225, saturation: 35, light: 35 },
    ]),
    chance,
  );
  const ground = vary(
    chance.pick([
      { hue: 95, saturation: 35, light: 45 },
      { hue: 40, saturation: 30, light: 60 },
      { hue: 210, saturation: 6, light: 60 },
    ]),
    chance,
  );
  const horizon = road - height * chance.between(0.12, 0.35);
  const houses = Array.from({ length: chance.int(0, 5) }, () => {
    const size = chance.between(0.1, 0.28) * width;
    const x = chance.between(-0.1, 0.95) * width;
    return rect(
      x,
      horizon - size,
      size * chance.between(0.5, 1.1),
      size,
      css({ hue: chance.between(0, 360), saturation: 15, light: chance.between(35, 75) }),
    );
  });
  const trees = Array.from({ length: chance.int(0, 4) }, () =>
    ellipse(
      chance.next() * width,
      horizon - chance.between(5, 25),
      chance.between(10, 35),
      chance.between(15, 40),
      vary({ hue: 120, saturation: 35, light: 32 }, chance),
    ),
  );
  return [
    rect(0, 0, width, height, sky),
    ...houses,
    ...trees,
    rect(0, horizon, width, height, ground),
    rect(
      0,
      road - height * 0.08,
      width,
      height,
      vary({ hue: 220, saturation: 5, light: chance.between(28, 50) }, chance),
    ),
    ...(chance.chance(0.6) ? [rect(0, road + height * 0.06, width, 3, "#eee", 'stroke-dasharray="20"')] : []),
  ];
}

function foreground(chance: Random, width: number, height: number): string[] {
  if (!chance.chance(0.25)) return [];
  const x = chance.pick([chance.between(0, 0.25), chance.between(0.75, 0.95)]) * width;
  return [
    rect(
      x,
      height * 0.2,
      chance.between(4, 10),
      height,
      vary({ hue: 30, saturation: 15, light: 30 }, chance),
    ),
  ];
}

const paint = (chance: Random) =>
  css({ hue: chance.between(0, 360), saturation: chance.between(5, 80), light: chance.between(25, 82) });

const wheel = (x: number, radius: number) =>
  ellipse(x, -radius, radius, radius, "#1b1b1d") + ellipse(x, -radius, radius * 0.5, radius * 0.5, "#a5a8ad");

const glass = (chance: Random) => vary({ hue: 205, saturation: 25, light: chance.between(30, 70) }, chance);

const DRAW: Record<Kind, (chance: Random) => string[]> = {
  car(chance) {
    const body = paint(chance);
    const roof = chance.between(34, 46);
    return [
      polygon(
        [
          [-60, -42],
          [-38, -42 - roof * 0.75],
          [28, -42 - roof * 0.75],
          [58, -42],
        ],
        body,
      ),
      polygon(
        [
          [-50, -42],
          [-33, -38 - roof * 0.62],
          [-4, -38 - roof * 0.62],
          [-4, -42],
        ],
        glass(chance),
      ),
      polygon(
        [
          [2, -42],
          [2, -38 - roof * 0.62],
          [25, -38 - roof * 0.62],
          [46, -42],
        ],
        glass(chance),
      ),
      rect(-95, -46, 190, 33, body, 'rx="12"'),
      rect(84, -40, 10, 8, "#ffe9a8"),
      wheel(-55, 18),
      wheel(58, 18),
    ];
  },
  truck(chance) {
    const cargo = paint(chance);
    const cab = paint(chance);
    const tall = chance.between(78, 105);
    return [
      rect(-115, -tall - 18, 158, tall, cargo),
      ...(chance.chance(0.5) ? [rect(-100, -tall * 0.7 - 18, 128, 9, paint(chance))] : []),
      polygon(
        [
          [50, -20],
          [50, -82],
          [84, -82],
          [106, -52],
          [106, -20],
        ],
        cab,
      ),
      polygon(
        [
          [60, -52],
          [60, -74],
          [81, -74],
          [97, -52],
        ],
        glass(chance),
      ),
      rect(-115, -24, 222, 10, "#2c2c30"),
      wheel(-85, 17),
      wheel(-45, 17),
      wheel(80, 17),
    ];
  },
  bus(chance) {
    const body = paint(chance);
    const tall = chance.between(78, 100);
    const windows = chance.int(5, 7);
    const step = 190 / windows;
    return [
      rect(-115, -tall - 12, 230, tall, body, 'rx="9"'),
      ...Array.from({ length: windows }, (_, at) =>
        rect(-106 + at * step, -tall, step - 6, tall * 0.38, glass(chance)),
      ),
      rect(90, -tall, 20, tall * 0.8, glass(chance)),
      rect(-115, -tall * 0.42, 230, 5, paint(chance)),
      wheel(-70, 17),
      wheel(68, 17),
    ];
  },
  motorcycle(chance) {
    const body = paint(chance);
    const rider = chance.chance(0.5);
    return [
      wheel(-48, 25),
      wheel(50, 25),
      line(50, -25, 32, -72, "#555", 6),
      line(32, -72, 18, -78, "#222", 5),
      polygon(
        [
          [-20, -22],
          [-26, -44],
          [22, -44],
          [26, -22],
        ],
        "#4a4b50",
      ),
      polygon(
        [
          [-8, -44],
          [-2, -64],
          [28, -66],
          [34, -46],
        ],
        body,
      ),
      polygon(
        [
          [-58, -52],
          [-50, -60],
          [-2, -56],
          [-6, -46],
        ],
        "#26201e",
      ),
      line(-48, -25, -4, -36, "#777", 6),
      line(-60, -20, -12, -18, "#b0b0b4", 7),
      ...(rider
        ? [
            polygon(
              [
                [-24, -56],
                [-14, -104],
                [6, -104],
                [10, -56],
              ],
              paint(chance),
            ),
            ellipse(-2, -118, 13, 14, paint(chance)),
            line(2, -96, 22, -76, "#333", 7),
          ]
        : []),
    ];
  },
  bicycle(chance) {
    const frame = paint(chance);
    const hoop = (x: number) =>
      `<circle cx="${x}" cy="-30" r="29" fill="none" stroke="#2a2a2a" stroke-width="4"/>` +
      [0, 45, 90, 135]
        .map((turn) => group(`rotate(${turn} ${x} -30)`, line(x - 28, -30, x + 28, -30, "#999", 1)))
        .join("");
    const rider = chance.chance(0.4);
    return [
      hoop(-48),
      hoop(50),
      line(-48, -30, -4, -28, frame, 4),
      line(-48, -30, -18, -68, frame, 4),
      line(-18, -68, -4, -28, frame, 4),
      line(-4, -28, 36, -66, frame, 4),
      line(-18, -66, 36, -66, frame, 4),
      line(50, -30, 34, -82, frame, 4),
      line(34, -82, 46, -86, "#222", 4),
      line(-28, -74, -8, -74, "#222", 6),
      ...(rider
        ? [
            line(-16, -76, 2, -122, paint(chance), 14),
            line(2, -116, 38, -86, "#b98", 5),
            line(-16, -76, 4, -40, "#345", 8),
            ellipse(6, -138, 11, 12, paint(chance)),
          ]
        : []),
    ];
  },
};
