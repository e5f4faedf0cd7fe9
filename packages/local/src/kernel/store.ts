// One SQLite file is the state of the whole cloud. What one event causes is committed in one transaction:
// an accepted event is on disk before it is acknowledged, and kill -9 at any moment loses nothing.
import { DatabaseSync, type StatementSync } from "node:sqlite";

export type Row = Record<string, string | number | bigint | Uint8Array | null>;
export type Value = string | number | bigint | Uint8Array | null;

export interface Store {
  /** Creates a service's tables; run once at start. Statements must be repeatable (`if not exists`). */
  define(ddl: string): void;
  all<T = Row>(sql: string, ...values: Value[]): T[];
  get<T = Row>(sql: string, ...values: Value[]): T | undefined;
  run(sql: string, ...values: Value[]): { changes: number; lastInsertRowid: number };
  /** Runs `work` in a transaction; a nested call joins the outer one. `work` must be synchronous. */
  tx<T>(work: () => T): T;
  /** Runs once the current transaction is on disk (at once when there is none); dropped on rollback. For wake-ups. */
  afterCommit(task: () => void): void;
  close(): void;
}

export function openStore(file: string): Store {
  const db = new DatabaseSync(file);
  // WAL with synchronous=FULL: an acknowledged write survives a power cut, not only a killed process.
  db.exec(
    "pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000; pragma foreign_keys = on",
  );
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string) => {
    const known = prepared.get(sql);
    if (known) return known;
    const made = db.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
  let inside = false;
  let waiting: Array<() => void> = [];

  return {
    define: (ddl) => db.exec(ddl),
    all: <T>(sql: string, ...values: Value[]) => statement(sql).all(...values) as T[],
    get: <T>(sql: string, ...values: Value[]) => statement(sql).get(...values) as T | undefined,
    run(sql, ...values) {
      const { changes, lastInsertRowid } = statement(sql).run(...values);
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
    },
    tx(work) {
      if (inside) return work();
      db.exec("begin immediate");
      inside = true;
      let result;
      try {
        result = work();
        if (result instanceof Promise) throw new TypeError("store.tx: the work must be synchronous");
        db.exec("commit");
      } catch (error) {
        waiting = [];
        inside = false;
        rollback(db);
        throw error;
      }
      inside = false;
      const tasks = waiting;
      waiting = [];
      runAll(tasks);
      return result;
    },
    afterCommit(task) {
      if (inside) waiting.push(task);
      else task();
    },
    close: () => db.close(),
  };
}

/** SQLite has already rolled back by itself after some failures, a full disk among them. */
function rollback(db: DatabaseSync) {
  if (db.isTransaction) db.exec("rollback");
}

/** What is committed is committed: one wake-up that fails must not keep the others from running. */
function runAll(tasks: Array<() => void>) {
  const failures: unknown[] = [];
  for (const task of tasks) {
    try {
      task();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "Tasks after a commit failed.");
}
