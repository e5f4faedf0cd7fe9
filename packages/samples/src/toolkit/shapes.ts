// Shapes as SVG, each with points whose hull contains all its ink: its bounding box is exact to the pixel after any transform.

export type Point = [x: number, y: number];

export interface Shape {
  svg: string;
  hull: Point[];
}

export interface PaintOptions {
  fill?: string;
  stroke?: string;
  /** Of the stroke. */
  width?: number;
  /** Dashes and gaps. */
  dash?: string;
  opacity?: number;
}

/** A string is the fill. */
export type Paint = string | PaintOptions;

const n = (value: number) => String(Math.round(value * 100) / 100);
const CURVE_POINTS = 24;

function attributes(paint: Paint): string {
  const { fill = "none", stroke, width = 1, dash, opacity } = optionsOf(paint);
  const line = stroke ? ` stroke="${stroke}" stroke-width="${n(width)}"` : "";
  return ` fill="${fill}"${line}${dash ? ` stroke-dasharray="${dash}"` : ""}${opacity === undefined ? "" : ` opacity="${n(opacity)}"`}`;
}

const optionsOf = (paint: Paint): PaintOptions => (typeof paint === "string" ? { fill: paint } : paint);

function halfStroke(paint: Paint) {
  const { stroke, width = 1 } = optionsOf(paint);
  return stroke ? width / 2 : 0;
}

/** The corners of a square around `x, y`. */
const squareAround = (x: number, y: number, by: number): Point[] => [
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
): Shape {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const across: Point = [(-(y2 - y1) / length) * (width / 2), ((x2 - x1) / length) * (width / 2)];
  const side = (x: number, y: number, sign: number): Point => [x + across[0] * sign, y + across[1] * sign];
  return {
    svg: `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}"${attributes({ stroke, width, ...(dash && { dash }) })}/>`,
    hull: [side(x1, y1, 1), side(x1, y1, -1), side(x2, y2, 1), side(x2, y2, -1)],
  };
}

/** With round ends. */
export function roundLine(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  width: number,
): Shape {
  const { svg } = line(x1, y1, x2, y2, stroke, width);
  const round = (x: number, y: number) => circlePoints(x, y, width / 2, width / 2);
  return { svg: svg.replace("/>", ' stroke-linecap="round"/>'), hull: [...round(x1, y1), ...round(x2, y2)] };
}

export function rect(x: number, y: number, width: number, height: number, paint: Paint, rx = 0): Shape {
  const by = halfStroke(paint);
  return {
    svg: `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"${rx ? ` rx="${n(rx)}"` : ""}${attributes(paint)}/>`,
    hull: [
      [x - by, y - by],
      [x + width + by, y - by],
      [x - by, y + height + by],
      [x + width + by, y + height + by],
    ],
  };
}

export function ellipse(cx: number, cy: number, rx: number, ry: number, paint: Paint): Shape {
  const by = halfStroke(paint);
  return {
    svg: `<ellipse cx="${n(cx)}" cy="${n(cy)}" rx="${n(rx)}" ry="${n(ry)}"${attributes(paint)}/>`,
    hull: circlePoints(cx, cy, rx + by, ry + by),
  };
}

/** Part of a circle, by angles in degrees. */
export function arc(cx: number, cy: number, radius: number, from: number, to: number, paint: Paint): Shape {
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
    svg: `<path d="M${n(start[0])},${n(start[1])} A${n(radius)},${n(radius)} 0 ${large} ${to > from ? 1 : 0} ${n(end[0])},${n(end[1])}"${attributes(paint)}/>`,
    hull,
  };
}

/** `coordinates` are x and y in turn. Corners of the stroke are round. */
export function polygon(paint: Paint, ...coordinates: number[]): Shape {
  const by = halfStroke(paint);
  const points = Array.from({ length: coordinates.length / 2 }, (_, at): Point => [
    coordinates[at * 2]!,
    coordinates[at * 2 + 1]!,
  ]);
  return {
    svg: `<polygon points="${points.map(([x, y]) => `${n(x)},${n(y)}`).join(" ")}"${attributes(paint)}${by ? ' stroke-linejoin="round"' : ""}/>`,
    hull: by ? points.flatMap(([x, y]) => circlePoints(x, y, by, by)) : points,
  };
}

/** A quadratic curve; `pull` is its control point. */
export function curve(from: Point, pull: Point, to: Point, stroke: string, width: number): Shape {
  const hull: Point[] = [];
  for (let step = 0; step <= CURVE_POINTS; step++) {
    const t = step / CURVE_POINTS;
    const on = (axis: 0 | 1) => (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * pull[axis] + t ** 2 * to[axis];
    hull.push(...squareAround(on(0), on(1), width / 2));
  }
  const at = ([x, y]: Point) => `${n(x)},${n(y)}`;
  return {
    svg: `<path d="M${at(from)} Q${at(pull)} ${at(to)}"${attributes({ stroke, width })} stroke-linecap="round"/>`,
    hull,
  };
}

function circlePoints(cx: number, cy: number, rx: number, ry: number): Point[] {
  return Array.from({ length: CURVE_POINTS * 2 }, (_, at) => {
    const angle = (Math.PI * at) / CURVE_POINTS;
    return [cx + Math.cos(angle) * rx, cy + Math.sin(angle) * ry];
  });
}

export const group = (marks: Shape[]): Shape => ({
  svg: marks.map(({ svg }) => svg).join(""),
  hull: marks.flatMap(({ hull }) => hull),
});
