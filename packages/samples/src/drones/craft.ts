// What flies, as seen against the sky: each is drawn about the origin, some 100 units across, its nose to the right.
import { type Mark, type Paint, all, curve, limb, line, oval, rect, shape } from "../draw/ink.ts";
import type { Random } from "../random.ts";
import { times } from "../sample.ts";

export const CLASSES = ["drone", "bird", "airplane", "helicopter"] as const;
export type Craft = (typeof CLASSES)[number];

/** How near and how lit it is: far things take on the colour of the air. */
export interface Shade {
  body: string;
  dark: string;
  /** Of windows, lamps and markings; the body's own when too far to be seen. */
  accent: string;
}

export const DRAW: Record<Craft, (shade: Shade, chance: Random) => Mark> = {
  drone: (shade, chance) =>
    chance.chance(0.65) ? copterFromSide(shade, chance) : copterFromBelow(shade, chance),
  bird: (shade, chance) => (chance.chance(0.6) ? flapping(shade, chance) : soaring(shade, chance)),
  airplane: (shade, chance) =>
    chance.chance(0.5) ? planeFromSide(shade, chance) : planeFromBelow(shade, chance),
  helicopter,
};

const veil = (fill: string, opacity: number): Paint => ({ fill, opacity });

function copterFromSide({ body, dark, accent }: Shade, chance: Random): Mark {
  const reach = chance.between(38, 48);
  const hover = chance.between(-3, 3);
  const blades = chance.between(15, 22);
  const drop = chance.between(8, 16);
  const motors = chance.chance(0.5) ? [-reach, -reach * 0.55, reach * 0.55, reach] : [-reach, reach];
  return all([
    limb(-reach, -6 + hover, reach, -6 - hover, dark, 4),
    ...motors.flatMap((x) => [
      rect(x - 3, -14, 6, 10, { fill: dark }),
      oval(x, -15, blades, 2.2, veil(dark, chance.between(0.35, 0.8))),
    ]),
    rect(-16, -9, 32, 13, { fill: body }, 5),
    ...(chance.chance(0.7) ? [oval(chance.between(-5, 9), 7, 5, 5, { fill: accent })] : []),
    ...(chance.chance(0.75)
      ? [
          line(-10, 2, -17, drop, dark, 2),
          line(10, 2, 17, drop, dark, 2),
          line(-23, drop, -11, drop, dark, 2),
          line(11, drop, 23, drop, dark, 2),
        ]
      : []),
  ]);
}

function copterFromBelow({ body, dark, accent }: Shade, chance: Random): Mark {
  const arms = chance.pick([4, 4, 4, 6]);
  const reach = chance.between(34, 42);
  const blades = chance.between(14, 19);
  const flat = chance.between(0.45, 1);
  const tips = times(arms, (at) => {
    const angle = ((at + 0.5) * 2 * Math.PI) / arms;
    return [Math.cos(angle) * reach, Math.sin(angle) * reach * flat] as const;
  });
  return all([
    ...tips.map(([x, y]) => limb(0, 0, x, y, dark, 4.5)),
    ...tips.map(([x, y]) =>
      oval(x, y, blades, blades * flat, { ...veil(dark, 0.45), stroke: dark, width: 1 }),
    ),
    ...tips.map(([x, y]) => oval(x, y, 3.5, 3.5 * flat, { fill: dark })),
    oval(0, 0, 14, 11 * Math.max(flat, 0.6), { fill: body }),
    oval(3, 2, 4, 3.5, { fill: accent }),
  ]);
}

function flapping({ body, dark }: Shade, chance: Random): Mark {
  const up = chance.between(-34, 22);
  const fold = chance.between(0.35, 0.7);
  const near = chance.between(40, 52);
  const wing = (side: 1 | -1) => {
    const [elbowX, elbowY] = [side * near * fold, up * 0.8];
    return shape(
      [
        [side * 3, -2],
        [elbowX, elbowY - 4],
        [side * near, up * 0.75 + chance.between(2, 12)],
        [elbowX * 0.95, elbowY + 8],
        [side * 4, 7],
      ],
      { fill: body },
    );
  };
  return all([
    wing(-1),
    wing(1),
    oval(2, 2, 15, 5.5, { fill: dark }),
    oval(16, -1, 5, 4.2, { fill: dark }),
    shape(
      [
        [19, -2],
        [27, 0],
        [19, 2],
      ],
      { fill: dark },
    ),
    shape(
      [
        [-10, 0],
        [-25, -3],
        [-27, 4],
        [-10, 5],
      ],
      { fill: dark },
    ),
  ]);
}

/** On spread wings, seen from below or as the bow that far birds are. */
function soaring({ body, dark }: Shade, chance: Random): Mark {
  const bend = chance.between(6, 26);
  if (chance.chance(0.4))
    return all([
      curve([-46, chance.between(-4, 4)], [-20, -bend], [0, 2], body, 5),
      curve([46, chance.between(-4, 4)], [20, -bend], [0, 2], body, 5),
      oval(0, 4, 5, 4, { fill: dark }),
    ]);
  return all([
    shape(
      [
        [-3, -8],
        [-50, -bend],
        [-54, -bend + 6],
        [-30, 4],
        [-3, 8],
      ],
      { fill: body },
    ),
    shape(
      [
        [3, -8],
        [50, -bend],
        [54, -bend + 6],
        [30, 4],
        [3, 8],
      ],
      { fill: body },
    ),
    oval(0, 2, 6, 17, { fill: dark }),
    shape(
      [
        [-4, 15],
        [-11, 30],
        [11, 30],
        [4, 15],
      ],
      { fill: dark },
    ),
  ]);
}

function planeFromSide({ body, dark, accent }: Shade, chance: Random): Mark {
  const propeller = chance.chance(0.35);
  const tall = chance.between(8, 11);
  const fin = chance.between(17, 25);
  return all([
    shape(
      [
        [-36, -4],
        [-52, -fin - 3],
        [-41, -fin - 3],
        [-22, -4],
      ],
      { fill: accent },
    ),
    oval(0, 0, 54, tall * 0.75, { fill: body }),
    shape(
      [
        [-30, 2],
        [-48, 5],
        [-44, 1],
      ],
      { fill: dark },
    ),
    ...(propeller
      ? [
          rect(-14, -tall - 5, 40, 4, { fill: dark }),
          oval(55, 0, 1.6, 16, veil(dark, 0.6)),
          line(6, 6, 4, 17, dark, 2),
          oval(4, 17, 4, 4, { fill: dark }),
        ]
      : [
          shape(
            [
              [12, 1],
              [-20, 17],
              [-29, 17],
              [-10, 1],
            ],
            { fill: dark },
          ),
          oval(-3, 10, 8, 3.4, { fill: dark }),
        ]),
    shape(
      [
        [38, -3],
        [47, -3],
        [49, 0],
        [39, 0],
      ],
      { fill: dark },
    ),
    ...times(7, (at) => rect(-24 + at * 8, -3, 3, 2.4, { fill: dark })),
  ]);
}

function planeFromBelow({ body, dark, accent }: Shade, chance: Random): Mark {
  const sweep = chance.between(8, 34);
  const span = chance.between(42, 54);
  const engines = chance.pick([1, 2]);
  return all([
    ...([1, -1] as const).flatMap((side) => [
      shape(
        [
          [14, side * 4],
          [-4 - sweep, side * span],
          [-13 - sweep, side * span],
          [-12, side * 4],
        ],
        { fill: body },
      ),
      shape(
        [
          [-38, side * 3],
          [-50, side * 19],
          [-55, side * 19],
          [-50, side * 3],
        ],
        { fill: accent },
      ),
      ...times(engines, (at) =>
        oval(4 - sweep * 0.3 * (at + 1), side * (15 + at * 14), 8, 3.4, { fill: dark }),
      ),
    ]),
    oval(0, 0, 56, 6.5, { fill: body }),
    line(-50, 0, 44, 0, dark, 1.5),
  ]);
}

function helicopter({ body, dark, accent }: Shade, chance: Random): Mark {
  const tilt = chance.between(-4, 4);
  const rotor = chance.between(44, 58);
  const skids = chance.chance(0.7);
  return all([
    oval(4, -26, rotor, 2.4, veil(dark, chance.between(0.35, 0.75))),
    line(4, -26, 4, -14, dark, 4),
    shape(
      [
        [-12, -8],
        [-58, -9 + tilt],
        [-58, -5 + tilt],
        [-12, 6],
      ],
      { fill: body },
    ),
    shape(
      [
        [-52, -8 + tilt],
        [-64, -23 + tilt],
        [-57, -23 + tilt],
        [-46, -8 + tilt],
      ],
      { fill: body },
    ),
    oval(-60, -13 + tilt, 9, 9, veil(dark, 0.35)),
    oval(8, 0, 27, 15, { fill: body }),
    shape(
      [
        [14, -11],
        [32, -4],
        [34, 3],
        [16, 3],
      ],
      { fill: accent },
    ),
    ...(chance.chance(0.5) ? [rect(-10, 1, 26, 3, { fill: dark })] : []),
    ...(skids
      ? [line(-4, 13, -7, 22, dark, 2.4), line(17, 13, 20, 22, dark, 2.4), limb(-18, 22, 31, 22, dark, 2.8)]
      : [oval(20, 15, 4, 4, { fill: dark }), oval(-6, 15, 4, 4, { fill: dark })]),
  ]);
}
