// Counts by category, which add up in any order.

/** Sorted by category, so that equal counts have equal JSON. */
export type CategoryCountsData = [category: string, count: number][];

export interface CategoryCounts {
  /** Of all categories. */
  readonly total: number;
  add(category: string, count?: number): void;
  merge(other: CategoryCounts): void;
  /** 0 for a category that was never added. */
  get(category: string): number;
  toJSON(): CategoryCountsData;
}

export function createCategoryCounts(data: CategoryCountsData = []): CategoryCounts {
  const counts = new Map<string, number>();
  let total = 0;
  const add = (category: string, count = 1) => {
    if (!Number.isSafeInteger(count) || count < 0)
      throw new RangeError(`The count of '${category}' is ${count}; a count is a whole number from 0.`);
    counts.set(category, (counts.get(category) ?? 0) + count);
    total += count;
  };
  for (const [category, count] of data) add(category, count);
  return {
    get total() {
      return total;
    },
    add,
    merge(other) {
      for (const [category, count] of other.toJSON()) add(category, count);
    },
    get: (category) => counts.get(category) ?? 0,
    toJSON: () => [...counts].sort(([left], [right]) => (left < right ? -1 : 1)),
  };
}

/** The counts of both for every category that either has: the input of the tests on counts. */
export function alignCounts(first: CategoryCounts, second: CategoryCounts) {
  const known = [...first.toJSON(), ...second.toJSON()].map(([category]) => category);
  const categories = [...new Set(known)].sort();
  return { categories, first: categories.map(first.get), second: categories.map(second.get) };
}
