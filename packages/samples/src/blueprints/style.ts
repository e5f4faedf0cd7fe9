// The drawing style of one office: colors, lines and hatching.
import { tone } from "../toolkit/colour.ts";
import type { Random } from "../toolkit/random.ts";

export interface Colours {
  paper: string;
  ink: string;
  /** Inside walls; the ink for solid walls. */
  wall: string;
  /** Diagonal lines inside walls. */
  hatched: boolean;
  furniture: string;
  fixture: string;
  /** Floors by room, or none. */
  floors?: string[];
  /** Squared paper. */
  grid?: string;
}

export interface Style extends Colours {
  /** Of lines, centimeters of the plan. */
  line: number;
  /** Thickness of a door's leaf. */
  leaf: number;
  dashedSwing: boolean;
  windows: ("single" | "double" | "triple")[];
}

/** Light lines on blue. */
function blueprint(chance: Random): Colours {
  const paper = tone(chance.between(205, 225), chance.between(45, 75), chance.between(24, 42));
  const ink = tone(200, 20, chance.between(85, 97));
  return {
    paper,
    ink,
    wall: chance.chance(0.5) ? ink : paper,
    hatched: chance.chance(0.4),
    furniture: "none",
    fixture: "none",
    ...(chance.chance(0.5) && { grid: tone(205, 40, 50) }),
  };
}

function inked(chance: Random): Colours {
  const dark = chance.between(2, 28);
  const ink = tone(220, 6, dark);
  const paper = tone(chance.pick([45, 50, 210]), chance.pick([0, 0, 25]), chance.between(90, 99));
  const fill = chance.pick(["none", "none", tone(0, 0, 90)]);
  return {
    paper,
    ink,
    wall: chance.pick([ink, ink, paper, tone(0, 0, 65)]),
    hatched: chance.chance(0.3),
    furniture: fill,
    fixture: fill,
    ...(chance.chance(0.15) && { grid: tone(210, 25, 85) }),
  };
}

/** Pastel floors, gray walls. */
function brochure(chance: Random): Colours {
  const hue = chance.between(0, 360);
  return {
    paper: "#ffffff",
    ink: tone(hue, 8, chance.between(20, 45)),
    wall: tone(hue, 10, chance.between(25, 75)),
    hatched: false,
    furniture: tone(hue + 30, 25, 88),
    fixture: tone(205, chance.between(0, 40), 93),
    floors: [30, 95, 200, 45].map((shift) => tone(hue + shift, 30, chance.between(85, 94))),
  };
}

export function randomStyle(chance: Random): Style {
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
