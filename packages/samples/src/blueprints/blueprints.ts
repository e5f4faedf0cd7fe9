// Floor plans: a house is laid out, furnished, drawn in one style, and scanned.
import { type Canvas, cover } from "../toolkit/canvas.ts";
import { type Random, times, maybe } from "../toolkit/random.ts";
import { detector } from "../toolkit/scene.ts";
import { type Shape, rect } from "../toolkit/shapes.ts";
import { type Matrix, mapPoint, svgMatrix } from "../toolkit/transform.ts";
import { furnish, assignRoomKinds } from "./furnish.ts";
import { type Floor, randomFloor } from "./layout.ts";
import { randomOpenings } from "./openings.ts";
import { randomOrigin, scanMarks, scanSettings, skewOf } from "./scan.ts";
import { dimensions, floors, northArrow, roomNames, titleBlock } from "./sheet.ts";
import { type Style, randomStyle } from "./style.ts";
import { drawWalls, hatchPattern } from "./walls.ts";

const CLASSES = ["wall", "door", "window", "room", "stair", "furniture", "fixture"] as const;

interface PlanObject {
  class: (typeof CLASSES)[number];
  shape: Shape;
}

export const blueprints = detector("blueprints", CLASSES, (_, chance) => {
  const style = randomStyle(chance);
  const plan = drawPlan(style, chance);
  const origin = randomOrigin(chance);
  const { matrix, canvas } = placeSheet(plan.floor, skewOf(origin, chance), chance);
  const settings = scanSettings(origin, canvas);
  const svg = [
    `<defs>${hatchPattern(style)}</defs>`,
    cover(canvas, style.paper).svg,
    style.grid ? squaredPaper(canvas, style.grid) : "",
    `<g transform="${svgMatrix(matrix)}">${plan.svg}</g>`,
    scanMarks(origin, canvas),
  ].join("");
  const objects = plan.objects.map(({ class: name, shape }) => ({
    class: name,
    shape: { hull: shape.hull.map((point) => mapPoint(matrix, point)) },
  }));
  return { settings, svg, objects };
});

export function drawPlan(style: Style, chance: Random): { floor: Floor; svg: string; objects: PlanObject[] } {
  const floor = randomFloor(chance);
  const openings = randomOpenings(floor, style, chance);
  const walls = drawWalls(floor.walls, openings, style);
  const kinds = assignRoomKinds(floor.rooms, chance);
  const blocked = openings.filter((one) => one.class === "door").map(({ clear }) => clear);
  const things = furnish(floor.rooms, kinds, blocked, style, chance);
  const annotations = [
    ...maybe(chance, 0.7, () => [roomNames(floor.rooms, kinds, style, chance)]),
    ...maybe(chance, 0.5, () => [dimensions(floor, style, chance)]),
    ...maybe(chance, 0.3, () => [titleBlock(floor.width, floor.height, style, chance)]),
    ...maybe(chance, 0.3, () => [northArrow(60, floor.height + 80, style)]),
  ];
  const svg = [
    floors(floor.rooms, style, chance),
    ...annotations,
    ...things.map(({ shape }) => shape.svg),
    ...walls.map(({ shape }) => shape.svg),
    ...(style.wall === style.ink && !style.hatched ? [] : walls.map(({ inside }) => inside)),
    ...openings.map(({ shape }) => shape.svg),
  ].join("");
  const objects: PlanObject[] = [
    ...floor.rooms.map(({ inner: { x, y, width, height } }) => ({
      class: "room" as const,
      shape: rect(x, y, width, height, {}),
    })),
    ...walls.map(({ shape }) => ({ class: "wall" as const, shape })),
    ...openings,
    ...things,
  ];
  return { floor, svg, objects };
}

/** Scales the sheet, turns it by quarters and a little more; some sheets are cut off. */
function placeSheet(floor: Floor, skew: number, chance: Random): { matrix: Matrix; canvas: Canvas } {
  const quarter = chance.int(0, 3);
  const margin = chance.between(0.07, 0.16) * Math.max(floor.width, floor.height);
  const [across, along] = quarter % 2 === 0 ? [floor.width, floor.height] : [floor.height, floor.width];
  const scale = chance.between(420, 780) / (Math.max(across, along) + 2 * margin);
  const width = Math.round((across + 2 * margin) * scale);
  const height = Math.round((along + 2 * margin) * scale);
  const angle = ((quarter * 90 + skew) * Math.PI) / 180;
  // Some images show a part of the plan.
  const close = chance.chance(0.12) ? chance.between(1.3, 1.8) : 1;
  const [cos, sin] = [Math.cos(angle) * scale * close, Math.sin(angle) * scale * close];
  const shift = () => (close > 1 ? chance.between(-0.2, 0.2) : 0);
  const [middleX, middleY] = [width * (0.5 + shift()), height * (0.5 + shift())];
  const turn: Matrix = [cos, sin, -sin, cos, 0, 0];
  const [x, y] = mapPoint(turn, [floor.width / 2, floor.height / 2]);
  const matrix: Matrix = [turn[0], turn[1], turn[2], turn[3], middleX - x, middleY - y];
  return { matrix, canvas: { width, height, chance } };
}

function squaredPaper({ width, height, chance }: Canvas, colour: string): string {
  const step = chance.between(14, 30);
  const lines = [
    ...times(Math.floor(width / step), (at) => `M${((at + 1) * step).toFixed(1)},0V${height}`),
    ...times(Math.floor(height / step), (at) => `M0,${((at + 1) * step).toFixed(1)}H${width}`),
  ];
  return `<path d="${lines.join("")}" stroke="${colour}" stroke-width="0.6" opacity="0.6"/>`;
}
