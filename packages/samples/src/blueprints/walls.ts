// Walls between their openings, in solid ink, hollow or hatched.
import { type Mark, all, rect } from "../draw/ink.ts";
import type { Wall } from "./layout.ts";
import type { Opening } from "./openings.ts";
import type { Style } from "./style.ts";

export interface DrawnWall {
  mark: Mark;
  /** Laid over the ink of all walls, so that they merge where they meet. */
  inside: string;
}

export function drawWalls(walls: Wall[], openings: Opening[], style: Style): DrawnWall[] {
  return walls.map((wall) => {
    const pieces = piecesOf(
      wall,
      openings.filter((opening) => opening.wall === wall),
    );
    const { line } = style;
    return {
      mark: all(pieces.map(({ from, to }) => run(wall, from, to, wall.thick, style.ink))),
      inside: pieces
        .map(({ from, to, first, last }) => {
          // The bare end beside an opening keeps its line; the end in another wall opens into it.
          const start = first ? from + (wall.outer ? line : 0) : from + line;
          const end = last ? to - (wall.outer ? line : 0) : to - line;
          return end <= start
            ? ""
            : run(wall, start, end, wall.thick - 2 * line, style.hatched ? "url(#hatch)" : style.wall).svg;
        })
        .join(""),
    };
  });
}

function run({ horizontal, at }: Wall, from: number, to: number, thick: number, fill: string): Mark {
  return horizontal
    ? rect(from, at - thick / 2, to - from, thick, { fill })
    : rect(at - thick / 2, from, thick, to - from, { fill });
}

function piecesOf(wall: Wall, openings: Opening[]) {
  // An outer wall reaches around the corner.
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

/** What `url(#hatch)` is. */
export const hatch = ({ ink, wall, paper, line }: Style) =>
  `<pattern id="hatch" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="9" height="9" fill="${wall === ink ? paper : wall}"/><rect width="${line}" height="9" fill="${ink}"/></pattern>`;
