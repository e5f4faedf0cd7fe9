// How many labels of each class a partition holds, as a write changes it.
import type { Said } from "./label.ts";

/** By class: [items, boxes]. */
export type ByClass = Record<string, [number, number]>;

export interface Tally {
  version: number;
  total: number;
  classes: ByClass;
}

export const emptyTally = (): Tally => ({ version: 0, total: 0, classes: {} });

type What = Pick<Said, "label" | "boxes">;

/** A copy with `by` more (or fewer) of what this label counts for. */
export function counted({ version, total, classes }: Tally, what: What, by: 1 | -1): Tally {
  const next: ByClass = { ...classes };
  const add = (name: string, items: number, boxes: number) => {
    const [had, hadBoxes] = Object.hasOwn(next, name) ? next[name]! : [0, 0];
    const sum: [number, number] = [had + by * items, hadBoxes + by * boxes];
    if (sum[0] === 0 && sum[1] === 0) delete next[name];
    else next[name] = sum;
  };
  if (what.label !== undefined) add(what.label, 1, 0);
  const boxes = what.boxes ?? [];
  for (const name of new Set(boxes.map((box) => box.class)))
    add(name, 1, boxes.filter((box) => box.class === name).length);
  return { version, total: total + by, classes: next };
}
