// What is drawn, as SVG, together with points whose hull holds all its ink: so its box is known to the pixel, however it
// is turned, mirrored and scaled.
import type { Random } from "../random.ts";
import type { SampleBox } from "../sample.ts";

export type Point = [x: number, y: number];

export interface Mark {
  svg: string;
  hull: Point[];
}

export interface Paint {
  fill?: string;
  stroke?: string;
  /** Of the stroke. */
  width?: number;
  /** Dashes and gaps. */
  dash?: string;
  opacity?: number;
}

const n = (value: number) => String(Math.round(value * 100) / 100);
const CURVE_POINTS = 24;

function look({ fill = "none", stroke, width = 1, dash, opacity }: Paint): string {
  const line = stroke ? ` stroke="${stroke}" stroke-width="${n(width)}"` : "";
  return ` fill="${fill}"${line}${dash ? ` stroke-dasharray="${dash}"` : ""}${opacity === undefined ? "" : ` opacity="${n(opacity)}"`}`;
}

const halfStroke = ({ stroke, width = 1 }: Paint) => (stroke ? width / 2 : 0);

/** The corners of what lies around `x, y` within `by`. */
const around = (x: number, y: number, by: number): Point[] => [
  [x - by, y - by],
  [x + by, y - by],
  [x - by, y + by],
  [x + by, y + by],
];

/** With flat ends. */
export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  width: number,
  dash?: string,
): Mark {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const across: Point = [(-(y2 - y1) / length) * (width / 2), ((x2 - x1) / length) * (width / 2)];
  const side = (x: number, y: number, sign: number): Point => [x + across[0] * sign, y + across[1] * sign];
  return {
    svg: `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}"${look({ stroke, width, ...(dash && { dash }) })}/>`,
    hull: [side(x1, y1, 1), side(x1, y1, -1), side(x2, y2, 1), side(x2, y2, -1)],
  };
}

/** With round ends. */
export function limb(x1: number, y1: number, x2: number, y2: number, stroke: string, width: number): Mark {
  const { svg } = line(x1, y1, x2, y2, stroke, width);
  const round = (x: number, y: number) => circlePoints(x, y, width / 2, width / 2);
  return { svg: svg.replace("/>", ' stroke-linecap="round"/>'), hull: [...round(x1, y1), ...round(x2, y2)] };
}

export function rect(x: number, y: number, width: number, height: number, paint: Paint, rx = 0): Mark {
  const by = halfStroke(paint);
  return {
    svg: `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"${rx ? ` rx="${n(rx)}"` : ""}${look(paint)}/>`,
    hull: [
      [x - by, y - by],
      [x + width + by, y - by],
      [x - by, y + height + by],
      [x + width + by, y + height + by],
    ],
  };
}

export function oval(cx: number, cy: number, rx: number, ry: number, paint: Paint): Mark {
  const by = halfStroke(paint);
  return {
    svg: `<ellipse cx="${n(cx)}" cy="${n(cy)}" rx="${n(rx)}" ry="${n(ry)}"${look(paint)}/>`,
    hull: circlePoints(cx, cy, rx + by, ry + by),
  };
}

/** Part of a circle, by angles in degrees. */
export function arc(cx: number, cy: number, radius: number, from: number, to: number, paint: Paint): Mark {
  const at = (degrees: number, r: number): Point => {
    const angle = (degrees / 180) * Math.PI;
    return [cx + Math.cos(angle) * r, cy + Math.sin(angle) * r];
  };
  const [start, end] = [at(from, radius), at(to, radius)];
  const large = Math.abs(to - from) > 180 ? 1 : 0;
  const by = halfStroke(paint);
  const hull: Point[] = [];
  for (let step = 0; step <= CURVE_POINTS; step++) {
    const angle = from + ((to - from) * step) / CURVE_POINTS;
    hull.push(at(angle, radius - by), at(angle, radius + by));
  }
  return {
    svg: `<path d="M${n(start[0])},${n(start[1])} A${n(radius)},${n(radius)} 0 ${large} ${to > from ? 1 : 0} ${n(end[0])},${n(end[1])}"${look(paint)}/>`,
    hull,
  };
}

/** A polygon; its stroke's corners are round. */
export function shape(points: Point[], paint: Paint): Mark {
  const by = halfStroke(paint);
  return {
    svg: `<polygon points="${points.map(([x, y]) => `${n(x)},${n(y)}`).join(" ")}"${look(paint)}${by ? ' stroke-linejoin="round"' : ""}/>`,
    hull: by ? points.flatMap(([x, y]) => circlePoints(x, y, by, by)) : points,
  };
}

/** A smooth stroke through three points' pull. */
export function curve(from: Point, pull: Point, to: Point, stroke: string, width: number): Mark {
  const hull: Point[] = [];
  for (let step = 0; step <= CURVE_POINTS; step++) {
    const t = step / CURVE_POINTS;
    const on = (axis: 0 | 1) => (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * pull[axis] + t ** 2 * to[axis];
    hull.push(...around(on(0), on(1), width / 2));
  }
  const at = ([x, y]: Point) => `${n(x)},${n(y)}`;
  return {
    svg: `<path d="M${at(from)} Q${at(pull)} ${at(to)}"${look({ stroke, width })} stroke-linecap="round"/>`,
    hull,
  };
}

function circlePoints(cx: number, cy: number, rx: number, ry: number): Point[] {
  return Array.from({ length: CURVE_POINTS * 2 }, (_, at) => {
    const angle = (Math.PI * at) / CURVE_POINTS;
    return [cx + Math.cos(angle) * rx, cy + Math.sin(angle) * ry];
  });
}

export const all = (marks: Mark[]): Mark => ({
  svg: marks.map(({ svg }) => svg).join(""),
  hull: marks.flatMap(({ hull }) => hull),
});

/** As in SVG: x' = ax + cy + e, y' = bx + dy + f. */
export type Matrix = [a: number, b: number, c: number, d: number, e: number, f: number];

export const mapped = ([a, b, c, d, e, f]: Matrix, [x, y]: Point): Point => [
  a * x + c * y + e,
  b * x + d * y + f,
];

/** Turned by degrees about the origin, scaled, mirrored where `flip` is -1, then moved to `x, y`. */
export function placed(x: number, y: number, scale = 1, degrees = 0, flip: 1 | -1 = 1): Matrix {
  const angle = (degrees / 180) * Math.PI;
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  return [cos * flip, sin * flip, -sin, cos, x, y];
}

export const moved = (matrix: Matrix, mark: Mark): Mark => ({
  svg: `<g transform="matrix(${matrix.map((value) => value.toFixed(5)).join(" ")})">${mark.svg}</g>`,
  hull: mark.hull.map((point) => mapped(matrix, point)),
});

/** Smaller than this cannot be told from a speck. */
const LEAST_PIXELS = 3;

/** Where the ink is, in whole pixels of a picture that may cut it off; nothing when it is outside. */
export function boxOf(
  name: string,
  { hull }: Pick<Mark, "hull">,
  width: number,
  height: number,
): SampleBox | undefined {
  const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of hull) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const x = within(left, width);
  const y = within(top, height);
  const box = { class: name, x, y, width: within(right, width) - x, height: within(bottom, height) - y };
  return box.width >= LEAST_PIXELS && box.height >= LEAST_PIXELS ? box : undefined;
}

export const flipOf = (chance: Random): 1 | -1 => (chance.chance(0.5) ? 1 : -1);
