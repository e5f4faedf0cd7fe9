import { type ClassColor, colorOf } from "./palette.ts";

export interface LegendEntry {
  class: string;
  count: number;
  color: ClassColor;
}

/** The classes that have boxes, in the order of the declaration, then the others by name. */
export function legendOf(boxes: readonly { class: string }[], classes: readonly string[]): LegendEntry[] {
  const counts = Map.groupBy(boxes, ({ class: name }) => name);
  const undeclared = [...counts.keys()].filter((name) => !classes.includes(name)).toSorted();
  return [...classes, ...undeclared]
    .filter((name) => counts.has(name))
    .map((name) => ({ class: name, count: counts.get(name)!.length, color: colorOf(name, classes) }));
}
