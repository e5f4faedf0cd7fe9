import { TrainingError } from "../failure.ts";
import type { Random } from "@sluice/samples/toolkit/random.ts";
import type { Item } from "./items.ts";

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
  return classes;
}

/** Fewer rows a class teach nothing that would hold for the next picture. */
const FEWEST = 2;

/** What can be learned from the rows that are left once the unreadable ones are out. */
export function refuseTooFew(labels: number[], held: number[], classes: string[]): void {
  const seen = new Set(labels).size;
  if (seen < 2)
    throw new TrainingError(
      `Only ${seen} class has data to learn from. Label at least two classes, then train again.`,
    );
  if (labels.length < FEWEST * seen)
    throw new TrainingError(
      `${labels.length} items are too few to learn ${seen} classes from. Label at least ${FEWEST} of each of: ${classes.join(", ")}.`,
    );
  if (held.length === 0)
    throw new TrainingError("Nothing can be held back to validate on. Give each class at least three items.");
}

/** Each class weighs the same in all, however many items it has. */
export function balanced(labels: number[], classes: string[]): Float32Array {
  const counts = classes.map((_, kind) => labels.filter((label) => label === kind).length);
  const present = counts.filter(Boolean).length;
  return Float32Array.from(counts, (count) => (count > 0 ? labels.length / (present * count) : 1));
}
