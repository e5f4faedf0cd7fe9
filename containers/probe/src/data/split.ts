import { TrainingError } from "./error.ts";
import type { Random } from "@sluice/samples/toolkit/random.ts";
import type { Item } from "./items.ts";

/** Holds out a share of each class; at least one item of each class stays in `train`. */
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
  const unknown = seen.find((label) => !classes.includes(label));
  if (unknown !== undefined)
    throw new TrainingError(
      `The label '${unknown}' is not one of the model's classes: ${classes.join(", ")}.`,
    );
  return classes;
}

/** A class with fewer items does not generalize. */
const MIN_ITEMS = 2;

/** Checks the rows that remain without unreadable items. */
export function requireEnoughItems(labels: number[], held: number[], classes: string[]): void {
  const seen = new Set(labels).size;
  if (seen < 2)
    throw new TrainingError(
      `Only ${seen} class has training data. Label at least two classes, then train again.`,
    );
  if (labels.length < MIN_ITEMS * seen)
    throw new TrainingError(
      `${labels.length} items are too few for ${seen} classes. Label at least ${MIN_ITEMS} items of each of: ${classes.join(", ")}.`,
    );
  if (held.length === 0)
    throw new TrainingError("The dataset has no validation items. Label at least three items of each class.");
}

/** All classes have the same total weight, for any number of items. */
export function balancedWeights(labels: number[], classes: string[]): Float32Array {
  const counts = classes.map((_, kind) => labels.filter((label) => label === kind).length);
  const present = counts.filter(Boolean).length;
  return Float32Array.from(counts, (count) => (count > 0 ? labels.length / (present * count) : 1));
}
