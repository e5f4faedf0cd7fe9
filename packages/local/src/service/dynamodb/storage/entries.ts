// Reads the entries of a table or index in key order, in pages of rows.
import type { Store, Value as Column } from "../../../kernel/store.ts";
import { unpackItem, type Body } from "../value/body.ts";
import { itemSize } from "../value/size.ts";
import type { Item } from "../value/value.ts";
import { pick } from "./key.ts";
import { entryKeyNames, type Index, type Table } from "./table.ts";

export interface Bound {
  bytes: Uint8Array;
  inclusive: boolean;
}

/** The position of an entry: hash and range; in an index followed by the item's hash and range. */
export type Position = Uint8Array[];

export interface EntryRange {
  table: Table;
  index: Index | undefined;
  /** The partition of a query. A scan reads all partitions from `fromHash` to `toHash`. */
  hash?: Uint8Array;
  fromHash?: Uint8Array;
  toHash?: Uint8Array;
  lower?: Bound;
  upper?: Bound;
  after?: Position;
  backward?: boolean;
}

export interface Entry {
  item: Item;
  /** The size for capacity units: the projected attributes, or the whole item. */
  size: number;
}

interface EntryRow extends Body {
  hash: Uint8Array;
  range: Uint8Array;
  item_hash?: Uint8Array;
  item_range?: Uint8Array;
  size: number;
}

const FIRST_ROWS = 64;
const MOST_ROWS = 512;

export function* readEntries(store: Store, range: EntryRange, wanted = FIRST_ROWS): Generator<Entry> {
  const { table, index } = range;
  const projected = index && projectedNames(table, index);
  let { after } = range;
  for (let rows = Math.min(wanted, FIRST_ROWS); ; rows = Math.min(rows * 2, MOST_ROWS)) {
    const { sql, values } = buildSelect({ ...range, after });
    const found = store.all<EntryRow>(`${sql} limit ?`, ...values, rows);
    for (const row of found) {
      const item = unpackItem(row);
      yield { item, size: projected ? itemSize(pick(item, projected)) : row.size };
    }
    if (found.length < rows) return;
    const last = found.at(-1)!;
    after = index ? [last.hash, last.range, last.item_hash!, last.item_range!] : [last.hash, last.range];
  }
}

/** The attributes of an index; undefined when it projects all. */
export function projectedNames(table: Table, index: Index): string[] | undefined {
  if (index.projection.type === "ALL") return undefined;
  return [...entryKeyNames(table, index), ...index.projection.attributes];
}

function buildSelect(range: EntryRange): { sql: string; values: Column[] } {
  const { table, index, hash, fromHash, toHash, lower, upper, after, backward } = range;
  const clauses: string[] = [];
  const values: Column[] = [];
  const where = (clause: string, ...bound: Column[]) => {
    clauses.push(clause);
    values.push(...bound);
  };
  const prefix = index ? "e." : "";
  const columns = ["hash", "range", ...(index ? ["item_hash", "item_range"] : [])].map((c) => prefix + c);
  where(`${prefix}table_id = ?`, table.id);
  if (index) where("e.index_name = ?", index.name);
  if (hash) where(`${prefix}hash = ?`, hash);
  if (fromHash) where(`${prefix}hash >= ?`, fromHash);
  if (toHash) where(`${prefix}hash < ?`, toHash);
  if (lower) where(`${prefix}range ${lower.inclusive ? ">=" : ">"} ?`, lower.bytes);
  if (upper) where(`${prefix}range ${upper.inclusive ? "<=" : "<"} ?`, upper.bytes);
  // Within a partition the hash is constant: comparing it would prevent SQLite from seeking.
  const ordered = hash ? columns.slice(1) : columns;
  if (after) {
    const marks = ordered.map(() => "?").join(", ");
    where(`(${ordered.join(", ")}) ${backward ? "<" : ">"} (${marks})`, ...(hash ? after.slice(1) : after));
  }
  // "cross join" forces SQLite to read the index first and then each item.
  const from = index
    ? "dynamodb_entry e cross join dynamodb_item i on i.table_id = e.table_id and i.hash = e.item_hash and i.range = e.item_range"
    : "dynamodb_item";
  const order = ordered.map((column) => `${column} ${backward ? "desc" : "asc"}`).join(", ");
  const sql = `select ${columns.join(", ")}, body as text, binary, size from ${from} where ${clauses.join(" and ")} order by ${order}`;
  return { sql, values };
}
