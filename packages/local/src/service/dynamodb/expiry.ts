// Deletes items whose time to live has passed. One timer waits for the earliest; nothing polls.
import type { Clock } from "../../kernel/clock.ts";
import type { Store } from "../../kernel/store.ts";
import { EXPIRY_DELAY_MS, EXPIRY_WINDOW_MS } from "./limits.ts";
import type { Items } from "./storage/items.ts";
import type { Tables } from "./storage/tables.ts";
import { unpackItem, type Body } from "./value/body.ts";

/** How many items one transaction deletes. */
const BATCH = 100;

export function openExpiry(store: Store, clock: Clock, tables: Tables, items: () => Items) {
  let due = Infinity;
  let cancel = () => {};

  const deadline = (expires: number) => expires * 1000 + EXPIRY_DELAY_MS;
  const oldest = () => Math.floor((clock.now() - EXPIRY_WINDOW_MS) / 1000);

  const wakeAt = (time: number) => {
    if (time >= due) return;
    cancel();
    due = time;
    cancel = clock.after(time - clock.now(), sweep);
  };

  function sweep() {
    due = Infinity;
    store.tx(() => tables.all().forEach(removeExpired));
    watch();
  }

  function removeExpired(table: ReturnType<Tables["all"]>[number]) {
    if (table.ttl === undefined) return;
    const until = Math.floor((clock.now() - EXPIRY_DELAY_MS) / 1000);
    const rows = store.all<Body & { hash: Uint8Array; range: Uint8Array }>(
      `select hash, range, body as text, binary from dynamodb_item
        where table_id = ? and expires is not null and expires > ? and expires <= ? order by expires limit ${BATCH}`,
      table.id,
      oldest(),
      until,
    );
    for (const row of rows) {
      const key = { hash: Buffer.from(row.hash), range: Buffer.from(row.range) };
      items().write(table, { key, before: unpackItem(row), after: undefined });
    }
  }

  function watch() {
    for (const { id, ttl } of tables.all()) {
      if (ttl === undefined) continue;
      const next = store.get<{ expires: number | null }>`select min(expires) as expires from dynamodb_item
        where table_id = ${id} and expires is not null and expires > ${oldest()}`!.expires;
      if (next !== null) wakeAt(deadline(next));
    }
  }

  return {
    /** Finds the earliest expiry again. */
    reschedule: watch,
    /** Call when an item was written that expires at this time, in epoch seconds. */
    schedule: (expires: number) => {
      if (expires > oldest()) wakeAt(deadline(expires));
    },
    stop() {
      cancel();
      due = Infinity;
    },
  };
}
