// How one office draws: colours, lines, hatching, and what its scanner adds.
import { css, hsl } from "../draw/colour.ts";
import type { Random } from "../random.ts";

export interface Style {
  paper: string;
  ink: string;
  /** Inside of walls; the ink itself for solid ones. */
  wall: string;
  /** Diagonal lines inside walls. */
  hatched: boolean;
  /** Of lines, centimetres of the plan. */
  line: number;
  /** Thickness of a door's leaf. */
  leaf: number;
  dashedSwing: boolean;
  windows: ("single" | "double" | "triple")[];
  furniture: string;
  fixture: string;
  /** Floors by room, or none. */
  floors?: string[];
  /** Squared paper. */
  grid?: string;
}

/** Light lines on blue, as copied a hundred years ago. */
function blueprint(chance: Random): Omit<Style, "line" | "leaf" | "dashedSwing" | "windows"> {
  const paper = css(hsl(chance.between(205, 225), chance.between(45, 75), chance.between(24, 42)));
  const ink = css(hsl(200, 20, chance.between(85, 97)));
  return {
    paper,
    ink,
    wall: chance.chance(0.5) ? ink : paper,
    hatched: chance.chance(0.4),
    furniture: "none",
    fixture: "none",
    ...(chance.chance(0.5) && { grid: css(hsl(205, 40, 50)) }),
  };
}

function inked(chance: Random): Omit<Style, "line" | "leaf" | "dashedSwing" | "windows"> {
  const dark = chance.between(2, 28);
  const ink = css(hsl(220, 6, dark));
  const paper = css(hsl(chance.pick([45, 50, 210]), chance.pick([0, 0, 25]), chance.between(90, 99)));
  const fill = chance.pick(["none", "none", css(hsl(0, 0, 90))]);
  return {
    paper,
    ink,
    wall: chance.pick([ink, ink, paper, css(hsl(0, 0, 65))]),
    hatched: chance.chance(0.3),
    furniture: fill,
    fixture: fill,
    ...(chance.chance(0.15) && { grid: css(hsl(210, 25, 85)) }),
  };
}

/** As in a brochure: floors in pastel, grey walls. */
function brochure(chance: Random): Omit<Style, "line" | "leaf" | "dashedSwing" | "windows"> {
  const hue = chance.between(0, 360);
  return {
    paper: "#ffffff",
    ink: css(hsl(hue, 8, chance.between(20, 45))),
    wall: css(hsl(hue, 10, chance.between(25, 75))),
    hatched: false,
    furniture: css(hsl(hue + 30, 25, 88)),
    fixture: css(hsl(205, chance.between(0, 40), 93)),
    floors: [30, 95, 200, 45].map((shift) => css(hsl(hue + shift, 30, chance.between(85, 94)))),
  };
}

export function styleOf(chance: Random): Style {
  const kind = chance.next();
  const colours = kind < 0.25 ? blueprint(chance) : kind < 0.75 ? inked(chance) : brochure(chance);
  return {
    ...colours,
    line: chance.between(2, 4.2),
    leaf: chance.pick([1, 4, 6]),
    dashedSwing: chance.chance(0.2),
    windows: [
      chance.pick(["single", "double", "triple"] as const),
      chance.pick(["single", "double"] as const),
    ],
  };
}
