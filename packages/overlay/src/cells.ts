// Finds the rectangles near a rectangle without looking at all of them.
import type { Rect } from "./box.ts";

const CELL = 64;
/** More cells in a row than any image has. */
const ROW = 1 << 16;

export class Cells {
  private readonly cells = new Map<number, Rect[]>();

  add(rect: Rect): void {
    for (const cell of cellsOf(rect)) {
      const there = this.cells.get(cell);
      if (there) there.push(rect);
      else this.cells.set(cell, [rect]);
    }
  }

  /** Whether a rectangle near this one fulfills a condition. */
  some(near: Rect, condition: (rect: Rect) => boolean): boolean {
    for (const cell of cellsOf(near)) if (this.cells.get(cell)?.some(condition)) return true;
    return false;
  }
}

function* cellsOf({ x, y, width, height }: Rect): Generator<number> {
  const [left, right] = [Math.floor(x / CELL), Math.floor((x + width) / CELL)];
  const bottom = Math.floor((y + height) / CELL);
  for (let row = Math.floor(y / CELL); row <= bottom; row++)
    for (let column = left; column <= right; column++) yield row * ROW + column;
}

/** The area that two rectangles share. */
export function sharedArea(one: Rect, other: Rect): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return width > 0 && height > 0 ? width * height : 0;
}
