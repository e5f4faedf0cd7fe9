// Consumed capacity units.
import { READ_UNIT_BYTES, WRITE_UNIT_BYTES } from "./limits.ts";
import { keyOf, pick } from "./storage/key.ts";
import { sameKey, type Change } from "./storage/items.ts";
import { projectedNames } from "./storage/entries.ts";
import type { Index, Table } from "./storage/table.ts";
import { equal } from "./value/compare.ts";
import { itemSize } from "./value/size.ts";
import type { Item } from "./value/value.ts";

export interface CapacityUse {
  table: number;
  indexes: Record<string, number>;
}

export type CapacityReport = "NONE" | "TOTAL" | "INDEXES";

export const readUnits = (bytes: number, consistent: boolean | undefined) =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5);

export function writeUse(table: Table, { before, after }: Omit<Change, "key">): CapacityUse {
  const indexes: Record<string, number> = {};
  for (const index of table.indexes) {
    const units = indexUnits(table, index, before, after);
    if (units > 0) indexes[index.name] = units;
  }
  return { table: Math.max(units(before), units(after)), indexes };
}

const units = (item: Item | undefined) =>
  item ? Math.max(1, Math.ceil(itemSize(item) / WRITE_UNIT_BYTES)) : 1;

function indexUnits(table: Table, index: Index, before: Item | undefined, after: Item | undefined): number {
  const names = projectedNames(table, index);
  const projected = (item: Item | undefined) => item && (names ? pick(item, names) : item);
  const [oldKey, newKey] = [before && keyOf(index.key, before), after && keyOf(index.key, after)];
  const [old, now] = [projected(before), projected(after)];
  if (!oldKey && !newKey) return 0;
  if (!oldKey) return units(now);
  if (!newKey) return units(old);
  if (!sameKey(oldKey, newKey)) return units(old) + units(now);
  return equal({ M: old! }, { M: now! }) ? 0 : Math.max(units(old), units(now));
}

export const sumUse = (uses: CapacityUse[]): CapacityUse => {
  const indexes: Record<string, number> = {};
  for (const use of uses) {
    for (const [name, units] of Object.entries(use.indexes)) indexes[name] = (indexes[name] ?? 0) + units;
  }
  return { table: uses.reduce((sum, use) => sum + use.table, 0), indexes };
};

/** The response's ConsumedCapacity; undefined unless requested. */
export function consumed(report: CapacityReport | undefined, table: Table, use: () => CapacityUse) {
  if (!report || report === "NONE") return undefined;
  const { table: own, indexes } = use();
  const total = own + Object.values(indexes).reduce((sum, units) => sum + units, 0);
  if (report === "TOTAL") return { TableName: table.name, CapacityUnits: total };
  const of = (kind: Index["kind"]) => {
    const entries = table.indexes
      .filter((index) => index.kind === kind && indexes[index.name] !== undefined)
      .map(({ name }) => [name, { CapacityUnits: indexes[name] }]);
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  return {
    TableName: table.name,
    CapacityUnits: total,
    Table: { CapacityUnits: own },
    GlobalSecondaryIndexes: of("global"),
    LocalSecondaryIndexes: of("local"),
  };
}
