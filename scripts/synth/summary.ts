import type { Lock } from "./lock.ts";

/** The number of resources of each kind, the most frequent first. */
export function summary({ resources, functions }: Lock): string {
  const counts = Object.entries(Object.groupBy(resources, ({ type }) => type.split(":").at(-1)!))
    .map(([kind, group]) => [String(group!.length).padStart(4), kind] as const)
    .toSorted(([a], [b]) => (a < b ? 1 : -1));
  const handlers = new Set(Object.values(functions).map(({ handler }) => handler));
  return [
    ...counts.map(([count, kind]) => `${count}  ${kind}`),
    `${resources.length} resources; ${Object.keys(functions).length} functions of ${handlers.size} handlers`,
  ].join("\n");
}
