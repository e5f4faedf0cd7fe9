// Draws walls between their openings: solid, hollow or hatched.
import { type Shape, rect, group } from "../toolkit/shapes.ts";
import type { Wall } from "./layout.ts";
import type { Opening } from "./openings.ts";
import type { Style } from "./style.ts";

export interface DrawnWall {
  shape: Shape;
  /** Drawn over all walls, so that they merge where they meet. */
  inside: string;
}

export function drawWalls(walls: Wall[], openings: Opening[], style: Style): DrawnWall[] {
  return walls.map((wall) => {
    const pieces = piecesBetween(
      wall,
      openings.filter((opening) => opening.wall === wall),
    );
    const { line } = style;
    return {
      shape: group(pieces.map(({ from, to }) => wallRect(wall, from, to, wall.thick, style.ink))),
      inside: pieces
        .map(({ from, to, first, last }) => {
          // An end beside an opening keeps its line; an end in another wall merges with it.
          const start = first ? from + (wall.outer ? line : 0) : from + line;
          const end = last ? to - (wall.outer ? line : 0) : to - line;
          return end <= start
            ? ""
            : wallRect(wall, start, end, wall.thick - 2 * line, style.hatched ? "url(#hatch)" : style.wall)
                .svg;
        })
        .join(""),
    };
  });
}

function wallRect({ horizontal, at }: Wall, from: number, to: number, thick: number, fill: string): Shape {
  return horizontal
    ? rect(from, at - thick / 2, to - from, thick, fill)
    : rect(at - thick / 2, from, thick, to - from, fill);
}

function piecesBetween(wall: Wall, openings: Opening[]) {
  // Outer walls meet at the corner.
  const reach = wall.outer ? wall.thick / 2 : 0;
  const ends = openings.toSorted((left, right) => left.from - right.from);
  const starts = [wall.from - reach, ...ends.map(({ to }) => to)];
  const stops = [...ends.map(({ from }) => from), wall.to + reach];
  return starts.map((from, at) => ({
    from,
    to: stops[at]!,
    first: at === 0,
    last: at === starts.length - 1,
  }));
}

/** Defines `url(#hatch)`. */
export const hatchPattern = ({ ink, wall, paper, line }: Style) =>
  `<pattern id="hatch" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="9" height="9" fill="${wall === ink ? paper : wall}"/><rect width="${line}" height="9" fill="${ink}"/></pattern>`;
