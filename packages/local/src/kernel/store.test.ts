import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { watchDisk } from "./disk.ts";
import { asStorageError } from "./storage-error.ts";
import { openStore, type Store } from "./store.ts";

let dir: string;
let store: Store;
let logs: string[];
beforeEach(() => {
  logs = [];
  dir = mkdtempSync(path.join(tmpdir(), "store-"));
  store = openStore(
    path.join(dir, "cloud.db"),
    watchDisk(dir, (level, message) => logs.push(`${level}: ${message}`)),
  );
  store.define("create table if not exists t (n integer) strict");
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

const add = (n: number) => store.run`insert into t values (${n})`;
const all = () => store.all<{ n: number }>("select n from t order by n").map((row) => row.n);

test("values in a template are bound, never part of the SQL", () => {
  const text = "'); drop table t; --?";
  const both = (n: number) => store.get`select ${text} as text, ${n} as n`;
  expect([both(1), both(2)]).toEqual([
    { text, n: 1 },
    { text, n: 2 },
  ]);
  expect(store.get("select ? as text", text)).toEqual({ text });
});

test("a transaction is atomic, with nested transactions", () => {
  expect(() =>
    store.tx(() => {
      add(1);
      store.tx(() => add(2));
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(all()).toEqual([]);
  expect(store.tx(() => (add(3), "done"))).toBe("done");
  expect(all()).toEqual([3]);
});

test("wake-ups wait for the commit, and are dropped with a rollback", () => {
  const seen: string[] = [];
  store.tx(() => {
    store.afterCommit(() => seen.push(`woken with ${all()}`));
    add(1);
    seen.push("working");
  });
  expect(() =>
    store.tx(() => {
      store.afterCommit(() => seen.push("never"));
      throw new Error("no");
    }),
  ).toThrow("no");
  store.afterCommit(() => seen.push("at once"));
  expect(seen).toEqual(["working", "woken with 1", "at once"]);
});

test("a failing wake-up prevents neither the others nor later transactions", () => {
  let woken = false;
  expect(() =>
    store.tx(() => {
      add(1);
      store.afterCommit(() => {
        throw new Error("bad");
      });
      store.afterCommit(() => (woken = true));
    }),
  ).toThrow(AggregateError);
  expect([woken, all()]).toEqual([true, [1]]);
  store.tx(() => add(2));
  expect(all()).toEqual([1, 2]);
});

test("asynchronous work in a transaction is rejected", () => {
  expect(() => store.tx(async () => add(1))).toThrow(/must be synchronous/);
  store.tx(() => add(2));
  expect(all()).toEqual([2]);
});

describe("a full disk", () => {
  const pages = () => store.get<{ page_count: number }>("pragma page_count")!.page_count;
  /** SQLite itself cannot grow the file, and reports a full disk. */
  const fill = () => store.get(`pragma max_page_count = ${pages()}`);
  const free = () => store.get("pragma max_page_count = 1000000");
  const addMuch = () =>
    store.run(
      "with recursive many (n) as (select 1 union all select n + 1 from many limit 50000) insert into t select n from many",
    );
  const refusal = expect.objectContaining({
    code: "DISK_FULL",
    message: expect.stringMatching(/^The disk is full: \S+store-\w+ cannot be written .* Free some space/),
  });

  test("is a StorageError, logged once until a write succeeds", () => {
    fill();
    expect(addMuch).toThrow(refusal);
    expect(() => store.tx(addMuch)).toThrow(refusal);
    expect(logs).toEqual([expect.stringMatching(/^error: The disk is full: /)]);
    free();
    addMuch();
    expect(logs.slice(1)).toEqual([expect.stringMatching(/^info: \S+ can be written again\.$/)]);
  });

  test("fails its transaction, even when the work catches the error", () => {
    fill();
    expect(() =>
      store.tx(() => {
        add(1);
        expect(addMuch).toThrow(refusal);
        // SQLite may have rolled back: this statement would be committed alone.
        expect(() => add(2)).toThrow(refusal);
      }),
    ).toThrow(refusal);
    free();
    expect(all()).toEqual([]);
    store.tx(() => add(3));
    expect(all()).toEqual([3]);
  });
});

test("a read-only database is a StorageError", () => {
  store.get("pragma query_only = on");
  expect(() => add(1)).toThrow(
    expect.objectContaining({ code: "DISK_NOT_WRITABLE", message: expect.stringContaining(dir) }),
  );
});

test.each([
  ["ENOSPC", "DISK_FULL"],
  ["EDQUOT", "DISK_FULL"],
  ["EFBIG", "DISK_FULL"],
  ["EROFS", "DISK_NOT_WRITABLE"],
  ["EACCES", "DISK_NOT_WRITABLE"],
  ["EIO", "DISK_FAILED"],
])("%s from a file is %s", (code, expected) => {
  const error = asStorageError(Object.assign(new Error(code), { code }), "/state/file");
  expect(error).toMatchObject({ code: expected, message: expect.stringContaining("/state") });
});

test("other errors are not changed", () => {
  const error = Object.assign(new Error("no such file"), { code: "ENOENT" });
  expect(asStorageError(error, "/state/file")).toBe(error);
  expect(() => store.run("insert into nowhere values (1)")).toThrow(/no such table/);
});
