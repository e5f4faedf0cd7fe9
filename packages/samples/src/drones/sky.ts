// The background: air, clouds, a horizon, and flying things that have no box.
import { type Canvas, cover } from "../toolkit/canvas.ts";
import { type Colour, hsl, css, vary, varied, tone } from "../toolkit/colour.ts";
import { times, timesBetween, maybe } from "../toolkit/random.ts";
import { type Shape, line, rect, ellipse, polygon, group } from "../toolkit/shapes.ts";

export interface Sky {
  /** The color that far things fade into. */
  air: Colour;
  /** By day, dusk or night; things are lit accordingly. */
  light: number;
  svg: string;
}

const SKIES: [air: Colour, light: number][] = [
  [hsl(208, 62, 72), 1],
  [hsl(205, 45, 82), 1],
  [hsl(215, 14, 74), 0.85],
  [hsl(220, 10, 88), 0.9],
  [hsl(24, 55, 72), 0.6],
  [hsl(268, 22, 55), 0.5],
  [hsl(226, 38, 20), 0.35],
];

export function drawSky(canvas: Canvas): Sky {
  const { width, height, chance } = canvas;
  const [base, light] = chance.pick(SKIES);
  const air = vary(base, chance);
  const top = vary({ ...air, light: Math.max(8, air.light - chance.between(5, 25)) }, chance);
  const gradient = `<linearGradient id="air" x2="0" y2="1"><stop stop-color="${css(top)}"/><stop offset="1" stop-color="${css(air)}"/></linearGradient>`;
  const clouds = timesBetween(chance, 0, 6, () => cloud(canvas, light));
  const sun =
    light > 0.5
      ? maybe(chance, 0.2, () => [
          ellipse(chance.next() * width, chance.next() * height * 0.5, width * 0.05, width * 0.05, {
            fill: "#fff8e0",
            opacity: 0.9,
          }),
        ])
      : [];
  const shapes = [cover(canvas, "url(#air)"), ...sun, ...clouds, ...horizon(canvas, air)];
  return { air, light, svg: `<defs>${gradient}</defs>${group(shapes).svg}` };
}

function cloud({ width, height, chance }: Canvas, light: number): Shape {
  const x = chance.next() * width;
  const y = chance.next() * height * 0.8;
  const size = chance.between(0.06, 0.25) * width;
  const fill = tone(215, 12, 97 * Math.max(light, 0.45));
  return group(
    times(chance.int(4, 9), () =>
      ellipse(
        x + chance.between(-1, 1) * size,
        y + chance.between(-0.22, 0.22) * size,
        size * chance.between(0.25, 0.6),
        size * chance.between(0.12, 0.3),
        { fill, opacity: chance.between(0.12, 0.55) },
      ),
    ),
  );
}

/** Houses, hills, or a plain with trees; often nothing. */
function horizon({ width, height, chance }: Canvas, air: Colour): Shape[] {
  const kind = chance.next();
  if (kind < 0.3) return [];
  const base = height * chance.between(0.72, 0.95);
  const hue = kind < 0.5 ? chance.pick([25, 215]) : chance.pick([95, 110, 35]);
  const saturation = kind < 0.5 ? 8 : 24;
  const ground = (light: number) => varied({ hue, saturation, light: light * (air.light / 75) }, chance, 0.6);
  if (kind < 0.5)
    return times(chance.int(5, 13), (at) => {
      const tall = chance.between(0.04, 0.25) * height;
      const wide = chance.between(0.06, 0.14) * width;
      return rect((at * width) / 9 - 10, base - tall, wide, height, ground(chance.between(28, 50)));
    });
  if (kind < 0.75)
    return [0, 1].map((layer) => {
      const ridge = times(9, (at) => [
        (at * width) / 8,
        base + layer * 20 - chance.between(0, 0.13) * height,
      ]);
      return polygon(ground(52 - layer * 18), 0, height, ...ridge.flat(), width, height);
    });
  return [
    rect(0, base, width, height, ground(38)),
    ...timesBetween(chance, 3, 12, () => {
      const [x, rx, ry] = [chance.next() * width, chance.between(10, 45), chance.between(10, 40)];
      return ellipse(x, base, rx, ry, ground(chance.between(18, 34)));
    }),
  ];
}

const KITE = [
  [0, -1],
  [0.7, 0],
  [0, 1.3],
  [-0.7, 0],
] as const;

/** Power lines, a balloon or a kite, and specks: easily mistaken for a flying object. */
export function decoys({ width, height, chance }: Canvas, dark: string): string {
  const cables = maybe(chance, 0.15, () => {
    const sag = chance.between(5, 40);
    const from = chance.next() * height;
    return times(2, (at) =>
      line(0, from + at * sag, width, from + at * sag + chance.between(-30, 30), dark, 1.2),
    );
  });
  const toys = maybe(chance, 0.12, () => {
    const [x, y, size] = [chance.next() * width, chance.next() * height * 0.8, chance.between(8, 26)];
    return chance.chance(0.5)
      ? [
          ellipse(x, y, size * 0.8, size, tone(chance.between(0, 360), 70, 55)),
          line(x, y + size, x + 3, y + size * 2.4, dark, 1),
        ]
      : [
          polygon(
            tone(chance.between(0, 360), 65, 50),
            ...KITE.flatMap(([dx, dy]) => [x + dx * size, y + dy * size]),
          ),
          line(x, y + size * 1.3, x - size, y + size * 4, dark, 0.8),
        ];
  });
  const specks = maybe(chance, 0.2, () =>
    timesBetween(chance, 1, 5, () => ellipse(chance.next() * width, chance.next() * height, 1.4, 1.1, dark)),
  );
  return group([...cables, ...toys, ...specks]).svg;
}
