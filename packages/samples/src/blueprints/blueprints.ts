// Floor plans: a house is laid out, furnished, drawn in one office's style, and scanned. Boxes are where the ink is.
import { type Mark, type Matrix, boxOf, mapped, rect } from "../draw/ink.ts";
import { contentTypeOf, develop, extensionOf } from "../draw/picture.ts";
import { type Random, random } from "../random.ts";
import { type Generator, numbered, times } from "../sample.ts";
import { furnish, kindsOf } from "./furnish.ts";
import { type Floor, layFloor } from "./layout.ts";
import { openingsOf } from "./openings.ts";
import { lensOf, marks, originOf, skewOf } from "./scan.ts";
import { dimensions, floors, northArrow, roomNames, titleBlock } from "./sheet.ts";
import { type Style, styleOf } from "./style.ts";
import { drawWalls, hatch } from "./walls.ts";

const CLASSES = ["wall", "door", "window", "room", "stair", "furniture", "fixture"] as const;

interface Drawn {
  class: (typeof CLASSES)[number];
  mark: Mark;
}

export const blueprints: Generator = {
  task: "object-detection",
  classes: CLASSES,
  async generate(seed, index) {
    const chance = random("blueprints", seed, index);
    const style = styleOf(chance);
    const plan = drawPlan(style, chance);
    const origin = originOf(chance);
    const { matrix, width, height } = frame(plan.floor, skewOf(origin, chance), chance);
    const lens = lensOf(origin, width, height, chance);
    const svg = [
      `<defs>${hatch(style)}</defs>`,
      rect(0, 0, width, height, { fill: style.paper }).svg,
      style.grid ? squares(width, height, style.grid, chance) : "",
      `<g transform="matrix(${matrix.map((value) => value.toFixed(5)).join(" ")})">${plan.svg}</g>`,
      marks(origin, width, height, chance),
    ].join("");
    const boxes = plan.drawn.flatMap(({ class: name, mark }) => {
      const box = boxOf(name, { hull: mark.hull.map((point) => mapped(matrix, point)) }, width, height);
      return box ? [box] : [];
    });
    return {
      name: `${numbered(seed, index)}.${extensionOf(lens)}`,
      contentType: contentTypeOf(lens),
      bytes: await develop(svg, lens, chance),
      boxes,
      width,
      height,
    };
  },
};

export function drawPlan(style: Style, chance: Random): { floor: Floor; svg: string; drawn: Drawn[] } {
  const floor = layFloor(chance);
  const openings = openingsOf(floor, style, chance);
  const walls = drawWalls(floor.walls, openings, style);
  const kinds = kindsOf(floor.rooms, chance);
  const blocked = openings.filter((one) => one.class === "door").map(({ clear }) => clear);
  const things = furnish(floor.rooms, kinds, blocked, style, chance);
  const extras = [
    chance.chance(0.7) ? roomNames(floor.rooms, kinds, style, chance) : "",
    chance.chance(0.5) ? dimensions(floor, style, chance) : "",
    chance.chance(0.3) ? titleBlock(floor.width, floor.height, style, chance) : "",
    chance.chance(0.3) ? northArrow(60, floor.height + 80, style) : "",
  ];
  const svg = [
    floors(floor.rooms, style, chance),
    extras.join(""),
    ...things.map(({ mark }) => mark.svg),
    ...walls.map(({ mark }) => mark.svg),
    ...(style.wall === style.ink && !style.hatched ? [] : walls.map(({ inside }) => inside)),
    ...openings.map(({ mark }) => mark.svg),
  ].join("");
  const drawn: Drawn[] = [
    ...floor.rooms.map(({ inner }) => ({
      class: "room" as const,
      mark: rect(inner.x, inner.y, inner.width, inner.height, {}),
    })),
    ...walls.map(({ mark }) => ({ class: "wall" as const, mark })),
    ...openings.map((one) => ({ class: one.class, mark: one.mark })),
    ...things.map((one) => ({ class: one.class, mark: one.mark })),
  ];
  return { floor, svg, drawn };
}

/** The sheet's place in the picture: scaled, turned by quarters, a little askew; some are cut off. */
function frame(
  floor: Floor,
  skew: number,
  chance: Random,
): { matrix: Matrix; width: number; height: number } {
  const quarter = chance.int(0, 3);
  const margin = chance.between(0.07, 0.16) * Math.max(floor.width, floor.height);
  const [across, along] = quarter % 2 === 0 ? [floor.width, floor.height] : [floor.height, floor.width];
  const scale = chance.between(420, 780) / (Math.max(across, along) + 2 * margin);
  const width = Math.round((across + 2 * margin) * scale);
  const height = Math.round((along + 2 * margin) * scale);
  const angle = ((quarter * 90 + skew) * Math.PI) / 180;
  // A look at a part of the plan, instead of the whole.
  const close = chance.chance(0.12) ? chance.between(1.3, 1.8) : 1;
  const [cos, sin] = [Math.cos(angle) * scale * close, Math.sin(angle) * scale * close];
  const shift = () => (close > 1 ? chance.between(-0.2, 0.2) : 0);
  const [middleX, middleY] = [width * (0.5 + shift()), height * (0.5 + shift())];
  const turn: Matrix = [cos, sin, -sin, cos, 0, 0];
  const [x, y] = mapped(turn, [floor.width / 2, floor.height / 2]);
  return { matrix: [turn[0], turn[1], turn[2], turn[3], middleX - x, middleY - y], width, height };
}

function squares(width: number, height: number, colour: string, chance: Random): string {
  const step = chance.between(14, 30);
  const lines = [
    ...times(Math.floor(width / step), (at) => `M${((at + 1) * step).toFixed(1)},0V${height}`),
    ...times(Math.floor(height / step), (at) => `M0,${((at + 1) * step).toFixed(1)}H${width}`),
  ];
  return `<path d="${lines.join("")}" stroke="${colour}" stroke-width="0.6" opacity="0.6"/>`;
}
