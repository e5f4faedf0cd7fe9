// One SQLite file stores the state of all services. All effects of an event are committed in one transaction: an
// accepted event is on disk before it is acknowledged, and kill -9 loses nothing.
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Disk } from "./disk.ts";
import { StorageError } from "./storage-error.ts";

export type Row = Record<string, string | number | bigint | Uint8Array | null>;
export type Value = string | number | bigint | Uint8Array | null;

/** SQL with its values in place (a tagged template), or a text with one `?` for each of the values that follow. */
type Sql = string | TemplateStringsArray;

export interface Store {
  /** Creates a service's tables; run once at start. Statements must be repeatable (`if not exists`). */
  define(ddl: string): void;
  all<T = Row>(sql: Sql, ...values: Value[]): T[];
  get<T = Row>(sql: Sql, ...values: Value[]): T | undefined;
  run(sql: Sql, ...values: Value[]): { changes: number; lastInsertRowid: number };
  /** Runs `work` in a transaction; a nested call joins the outer one. `work` must be synchronous. */
  tx<T>(work: () => T): T;
  /** Runs after the current transaction is committed (at once outside of one). Dropped on rollback. For wake-ups. */
  afterCommit(task: () => void): void;
  close(): void;
}

/** Throws a StorageError when the disk fails. */
export function openStore(file: string, disk: Disk): Store {
  let inTransaction = false;
  let afterCommitTasks: Array<() => void> = [];
  /** Fails the transaction: SQLite may have rolled it back, and later statements would be committed on their own. */
  let storageError: StorageError | undefined;

  const db = open(file, reportError);
  const prepared = new Map<Sql, StatementSync>();
  const statement = (sql: Sql) => {
    const known = prepared.get(sql);
    if (known) return known;
    const created = db.prepare(typeof sql === "string" ? sql : sql.join("?"));
    prepared.set(sql, created);
    return created;
  };

  function reportError(error: unknown): unknown {
    const known = disk.reportError(error, file);
    if (inTransaction && known instanceof StorageError) storageError = known;
    return known;
  }

  function execute(sql: string) {
    try {
      db.exec(sql);
    } catch (error) {
      throw reportError(error);
    }
  }

  function commit<T>(work: () => T): T {
    execute("begin immediate");
    inTransaction = true;
    try {
      const result = work();
      if (result instanceof Promise) throw new TypeError("store.tx: the work must be synchronous");
      if (storageError) throw storageError;
      execute("commit");
      return result;
    } catch (error) {
      afterCommitTasks = [];
      throw error;
    } finally {
      inTransaction = false;
      storageError = undefined;
      // After some failures, such as a full disk, SQLite has rolled back already.
      if (db.isTransaction) db.exec("rollback");
    }
  }

  return {
    define: execute,
    // Repeated instead of shared for speed: these run a million times.
    all<T>(sql: Sql, ...values: Value[]) {
      if (storageError) throw storageError;
      try {
        return statement(sql).all(...values) as T[];
      } catch (error) {
        throw reportError(error);
      }
    },
    get<T>(sql: Sql, ...values: Value[]) {
      if (storageError) throw storageError;
      try {
        return statement(sql).get(...values) as T | undefined;
      } catch (error) {
        throw reportError(error);
      }
    },
    run(sql, ...values) {
      if (storageError) throw storageError;
      try {
        const { changes, lastInsertRowid } = statement(sql).run(...values);
        if (!inTransaction) disk.reportWrite();
        return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
      } catch (error) {
        throw reportError(error);
      }
    },
    tx(work) {
      if (inTransaction) return work();
      const result = commit(work);
      disk.reportWrite();
      const tasks = afterCommitTasks;
      afterCommitTasks = [];
      runAll(tasks);
      return result;
    },
    afterCommit(task) {
      if (inTransaction) afterCommitTasks.push(task);
      else task();
    },
    close: () => db.close(),
  };
}

function open(file: string, refusal: (error: unknown) => unknown): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    // WAL with synchronous=FULL: an acknowledged write survives a power cut, not only a killed process.
    db.exec(
      "pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000; pragma foreign_keys = on",
    );
    return db;
  } catch (error) {
    db?.close();
    throw refusal(error);
  }
}

/** The transaction is committed: one failing task must not prevent the others. */
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
