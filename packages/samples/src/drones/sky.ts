// What is behind, beside and before them: air, clouds, a horizon, and things that fly and have no box.
import { type Colour, css, hsl, vary, varied } from "../draw/colour.ts";
import { type Mark, all, line, oval, rect, shape } from "../draw/ink.ts";
import type { Random } from "../random.ts";
import { some, times } from "../sample.ts";

export interface Sky {
  /** The colour that far things fade into. */
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

export function skyOf(width: number, height: number, chance: Random): Sky {
  const [base, light] = chance.pick(SKIES);
  const air = vary(base, chance);
  const top = vary({ ...air, light: Math.max(8, air.light - chance.between(5, 25)) }, chance);
  const gradient = `<linearGradient id="air" x2="0" y2="1"><stop stop-color="${css(top)}"/><stop offset="1" stop-color="${css(air)}"/></linearGradient>`;
  const clouds = some(chance, 0, 6, () => cloud(width, height, light, chance));
  const sun =
    light > 0.5 && chance.chance(0.2)
      ? [
          oval(chance.next() * width, chance.next() * height * 0.5, width * 0.05, width * 0.05, {
            fill: "#fff8e0",
            opacity: 0.9,
          }),
        ]
      : [];
  const parts = [
    rect(0, 0, width, height, { fill: "url(#air)" }),
    ...sun,
    ...clouds,
    ...horizon(width, height, air, chance),
  ];
  return { air, light, svg: `<defs>${gradient}</defs>${all(parts).svg}` };
}

function cloud(width: number, height: number, light: number, chance: Random): Mark {
  const x = chance.next() * width;
  const y = chance.next() * height * 0.8;
  const size = chance.between(0.06, 0.25) * width;
  const tone = css(hsl(215, 12, 97 * Math.max(light, 0.45)));
  return all(
    times(chance.int(4, 9), () =>
      oval(
        x + chance.between(-1, 1) * size,
        y + chance.between(-0.22, 0.22) * size,
        size * chance.between(0.25, 0.6),
        size * chance.between(0.12, 0.3),
        { fill: tone, opacity: chance.between(0.12, 0.55) },
      ),
    ),
  );
}

function horizon(width: number, height: number, air: Colour, chance: Random): Mark[] {
  const kind = chance.next();
  if (kind < 0.3) return [];
  const base = height * chance.between(0.72, 0.95);
  const hue = kind < 0.5 ? chance.pick([25, 215]) : chance.pick([95, 110, 35]);
  const saturation = kind < 0.5 ? 8 : 24;
  const ground = (light: number) => varied({ hue, saturation, light: light * (air.light / 75) }, chance, 0.6);
  if (kind < 0.5)
    return times(chance.int(5, 13), (at) => {
      const tall = chance.between(0.04, 0.25) * height;
      return rect((at * width) / 9 - 10, base - tall, chance.between(0.06, 0.14) * width, height, {
        fill: ground(chance.between(28, 50)),
      });
    });
  if (kind < 0.75)
    return [0, 1].map((layer) => {
      const points = times(9, (at): [number, number] => [
        (at * width) / 8,
        base + layer * 20 - chance.between(0, 0.13) * height,
      ]);
      return shape([[0, height], ...points, [width, height]], { fill: ground(52 - layer * 18) });
    });
  return [
    rect(0, base, width, height, { fill: ground(38) }),
    ...some(chance, 3, 12, () =>
      oval(chance.next() * width, base, chance.between(10, 45), chance.between(10, 40), {
        fill: ground(chance.between(18, 34)),
      }),
    ),
  ];
}

/** Easily taken for something that flies by itself. */
export function decoys(width: number, height: number, dark: string, chance: Random): string {
  const parts: Mark[] = [];
  if (chance.chance(0.15)) {
    const sag = chance.between(5, 40);
    const from = chance.next() * height;
    parts.push(
      ...times(2, (at) =>
        line(0, from + at * sag, width, from + at * sag + chance.between(-30, 30), dark, 1.2),
      ),
    );
  }
  if (chance.chance(0.12)) {
    const [x, y, size] = [chance.next() * width, chance.next() * height * 0.8, chance.between(8, 26)];
    parts.push(
      chance.chance(0.5)
        ? all([
            oval(x, y, size * 0.8, size, { fill: css(hsl(chance.between(0, 360), 70, 55)) }),
            line(x, y + size, x + 3, y + size * 2.4, dark, 1),
          ])
        : all([
            shape(
              [
                [x, y - size],
                [x + size * 0.7, y],
                [x, y + size * 1.3],
                [x - size * 0.7, y],
              ],
              { fill: css(hsl(chance.between(0, 360), 65, 50)) },
            ),
            line(x, y + size * 1.3, x - size, y + size * 4, dark, 0.8),
          ]),
    );
  }
  if (chance.chance(0.2))
    parts.push(
      ...some(chance, 1, 5, () =>
        oval(chance.next() * width, chance.next() * height, 1.4, 1.1, { fill: dark }),
      ),
    );
  return all(parts).svg;
}
