// Label counts by class of one shard. Every write of labels updates them in the same transaction.
import type { CountsByClass, LabelInput } from "./label.ts";

export interface ClassCounts {
  version: number;
  total: number;
  classes: CountsByClass;
}

export const emptyCounts = (): ClassCounts => ({ version: 0, total: 0, classes: {} });

type Classes = Pick<LabelInput, "label" | "boxes">;

/** Returns the counts with this label added (1) or removed (-1). */
export function addLabel(counts: ClassCounts, { label, boxes = [] }: Classes, sign: 1 | -1): ClassCounts {
  const classes: CountsByClass = { ...counts.classes };
  const add = (name: string, items: number, boxCount: number) => {
    const [oldItems, oldBoxes] = Object.hasOwn(classes, name) ? classes[name]! : [0, 0];
    const sum: [number, number] = [oldItems + sign * items, oldBoxes + sign * boxCount];
    if (sum[0] === 0 && sum[1] === 0) delete classes[name];
    else classes[name] = sum;
  };
  if (label !== undefined) add(label, 1, 0);
  for (const name of new Set(boxes.map((box) => box.class)))
    add(name, 1, boxes.filter((box) => box.class === name).length);
  return { version: counts.version, total: counts.total + sign, classes };
}
