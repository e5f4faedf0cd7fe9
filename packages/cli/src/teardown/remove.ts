// Removes everything, then lists again until nothing is left.
import { setTimeout as wait } from "node:timers/promises";
import { mapConcurrently } from "@sluice/core/util/map-concurrently.ts";
import { explain, type TeardownFailure } from "./errors.ts";
import { takeInventory, type Inventory } from "./inventory.ts";
import type { Kind } from "./kind.ts";

const CONCURRENCY = 8;
/** A function that was running when the functions were paused may still create something. */
const MAX_ROUNDS = 10;
/** Consecutive empty listings of all services that complete a teardown. */
const EMPTY_LISTINGS = 2;

export interface Progress {
  /** Before the items of a kind are removed. */
  onKind(kind: Kind, total: number): void;
  onItem(kind: Kind, done: number, total: number): void;
}

export interface Outcome {
  removed: number;
  left: Inventory;
  failures: TeardownFailure[];
  /** Every service was listed twice, and both lists were empty. */
  complete: boolean;
}

export async function removeAll(
  kinds: Kind[],
  pauseBetweenListingsMs: number,
  progress: Progress,
): Promise<Outcome> {
  let removed = 0;
  let empty = 0;
  let failures: TeardownFailure[] = [];
  for (let round = 0; ; round++) {
    const left = await takeInventory(kinds);
    if (left.count > 0) empty = 0;
    else if (left.failures.length === 0) empty++;
    const complete = empty === EMPTY_LISTINGS;
    const ended = complete || round === MAX_ROUNDS || (left.count === 0 && left.failures.length > 0);
    if (ended) return { removed, left, failures: [...left.failures, ...failures], complete };
    if (left.count === 0) {
      failures = [];
      await wait(pauseBetweenListingsMs);
      continue;
    }
    const done = await removeRound(left, progress);
    removed += done.removed;
    failures = done.failures;
    // What failed once fails again: a person has to fix it first.
    if (done.removed === 0) {
      const now = await takeInventory(kinds);
      return { removed, left: now, failures: [...now.failures, ...failures], complete: false };
    }
  }
}

async function removeRound({ groups }: Inventory, { onKind, onItem }: Progress) {
  let removed = 0;
  const failures: TeardownFailure[] = [];
  const each = (kind: Kind, items: Inventory["groups"][number]["items"], work: Kind["remove"]) =>
    mapConcurrently(CONCURRENCY, items, async (item) => {
      try {
        await work(item);
        return true;
      } catch (error) {
        failures.push(explain(kind.title, item.name, error));
        return false;
      }
    });
  for (const { kind, items } of groups) if (kind.stop) await each(kind, items, kind.stop);
  for (const { kind, items } of groups) {
    if (items.length === 0) continue;
    onKind(kind, items.length);
    let done = 0;
    const gone = await each(kind, items, async (item) => {
      await kind.remove(item);
      onItem(kind, ++done, items.length);
    });
    removed += gone.filter(Boolean).length;
  }
  return { removed, failures };
}
