// Many tests at once: the Benjamini-Hochberg procedure limits the expected share of false ones among the alarms.
import { requireFinite } from "./finite.ts";

/** Adjusted p-values, in the order given: those at or below the rate r are the alarms at the false discovery rate r. */
export function adjustPValues(pValues: readonly number[]): number[] {
  requireFinite(pValues, "pValues");
  const descending = [...pValues.keys()].sort((left, right) => pValues[right]! - pValues[left]!);
  const adjusted = pValues.map(() => 1);
  let smallest = 1;
  for (const [at, index] of descending.entries()) {
    const rank = pValues.length - at;
    smallest = Math.min(smallest, (pValues[index]! * pValues.length) / rank);
    adjusted[index] = smallest;
  }
  return adjusted;
}
