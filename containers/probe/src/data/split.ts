import { TrainingError } from "../failure.ts";
import type { Random } from "../random.ts";
import type { Item } from "./channel.ts";

/** A share of every class is held back; a class always keeps at least one item to learn from. */
export function split(items: Item[], share: number, chance: Random): { train: Item[]; held: Item[] } {
  const byLabel = Map.groupBy(items, ({ label }) => label);
  const train: Item[] = [];
  const held: Item[] = [];
  for (const label of [...byLabel.keys()].sort()) {
    const shuffled = chance.shuffle(byLabel.get(label)!);
    const count = Math.min(Math.round(shuffled.length * share), shuffled.length - 1);
    held.push(...shuffled.slice(0, count));
    train.push(...shuffled.slice(count));
  }
  return { train, held };
}

export function classesOf(items: Item[], declared: string[] | undefined): string[] {
  const seen = [...new Set(items.map(({ label }) => label))].sort();
  const classes = declared ?? seen;
  const strange = seen.find((label) => !classes.includes(label));
  if (strange !== undefined)
    throw new TrainingError(
      `The label '${strange}' is not one of the model's classes: ${classes.join(", ")}.`,
    );
  if (seen.length < 2)
    throw new TrainingError(
      `Only ${seen.length} class has data. Label at least two classes, then train again.`,
    );
  return classes;
}

/** Each class weighs the same in all, however many items it has. */
export function classWeights(items: Item[], classes: string[], balanced: boolean): Float32Array {
  const present = new Set(items.map(({ label }) => label)).size;
  return Float32Array.from(classes, (name) => {
    const count = items.filter(({ label }) => label === name).length;
    return balanced && count > 0 ? items.length / (present * count) : 1;
  });
}
