// Items and their index entries, always written together.
import type { Store } from "../../../kernel/store.ts";
import { packItem, unpackItem, type Body } from "../value/body.ts";
import { itemSize } from "../value/size.ts";
import { attribute, type Item } from "../value/value.ts";
import { keyOf, type Key } from "./key.ts";
import type { Index, Table } from "./table.ts";

export interface Change {
  key: Key;
  before: Item | undefined;
  after: Item | undefined;
}

export type Items = ReturnType<typeof openItems>;

const PUT = `insert into dynamodb_item (table_id, hash, range, body, binary, size, expires) values (?, ?, ?, ?, ?, ?, ?)
  on conflict do update set body = excluded.body, binary = excluded.binary, size = excluded.size, expires = excluded.expires`;
const DELETE = "delete from dynamodb_item where table_id = ? and hash = ? and range = ?";
const READ = "select body as text, binary from dynamodb_item where table_id = ? and hash = ? and range = ?";
const MARK = "update dynamodb_item set expires = ? where table_id = ? and hash = ? and range = ?";
const PUT_ENTRY = "insert or ignore into dynamodb_entry values (?, ?, ?, ?, ?, ?)";
const DELETE_ENTRY = `delete from dynamodb_entry
  where table_id = ? and index_name = ? and hash = ? and range = ? and item_hash = ? and item_range = ?`;

/** `onExpiry` is called with the expiry, in epoch seconds, of each written item. */
export function openItems(store: Store, onExpiry: (expires: number) => void) {
  const entry = (sql: string, table: Table, index: Index, key: Key, item: Key) =>
    store.run(sql, table.id, index.name, key.hash, key.range, item.hash, item.range);
  const everything = (table: Table) =>
    store.all<Body & Key>`select hash, range, body as text, binary from dynamodb_item
      where table_id = ${table.id}`;

  return {
    read(table: Table, key: Key): Item | undefined {
      const row = store.get<Body>(READ, table.id, key.hash, key.range);
      return row && unpackItem(row);
    },
    /** Must run in a transaction. */
    write(table: Table, { key, before, after }: Change) {
      for (const index of table.indexes) {
        const old = before && keyOf(index.key, before);
        const now = after && keyOf(index.key, after);
        if (old && now && sameKey(old, now)) continue;
        if (old) entry(DELETE_ENTRY, table, index, old, key);
        if (now) entry(PUT_ENTRY, table, index, now, key);
      }
      if (!after) {
        if (before) store.run(DELETE, table.id, key.hash, key.range);
        return;
      }
      const { text, binary } = packItem(after);
      const expires = expiryOf(table, after);
      store.run(PUT, table.id, key.hash, key.range, text, binary, itemSize(after), expires);
      if (expires !== null) onExpiry(expires);
    },
    /** Adds the table's items to a new index. */
    fillIndex(table: Table, index: Index) {
      for (const row of everything(table)) {
        const key = keyOf(index.key, unpackItem(row));
        if (key) entry(PUT_ENTRY, table, index, key, row);
      }
    },
    /** Stores each item's expiry again after the TTL attribute changed. */
    refreshExpiry(table: Table) {
      for (const row of everything(table)) {
        const expires = expiryOf(table, unpackItem(row));
        store.run(MARK, expires, table.id, row.hash, row.range);
      }
    },
    /** Removes an index's entries. */
    clearIndex: (table: Table, index: Index) =>
      void store.run`delete from dynamodb_entry where table_id = ${table.id} and index_name = ${index.name}`,
    /** Removes all items and index entries of a table. */
    clearTable(table: Table) {
      store.run`delete from dynamodb_entry where table_id = ${table.id}`;
      store.run`delete from dynamodb_item where table_id = ${table.id}`;
    },
  };
}

export const sameKey = (left: Key, right: Key) =>
  left.hash.equals(right.hash) && left.range.equals(right.range);

/** Epoch seconds; null when the item does not expire. */
function expiryOf(table: Table, item: Item): number | null {
  const value = table.ttl === undefined ? undefined : attribute(item, table.ttl);
  if (!value || !("N" in value)) return null;
  const seconds = Math.floor(Number(value.N));
  return Number.isSafeInteger(seconds) ? seconds : null;
}
