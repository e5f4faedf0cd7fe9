import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore, type Store } from "./store.ts";

let dir: string;
let store: Store;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "store-"));
  store = openStore(path.join(dir, "cloud.db"));
  store.define("create table if not exists t (n integer) strict");
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

const add = (n: number) => store.run("insert into t values (?)", n);
const all = () => store.all<{ n: number }>("select n from t order by n").map((row) => row.n);

test("a transaction keeps all or nothing, nested work included", () => {
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

test("a wake-up that fails keeps neither the others nor the store from working", () => {
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

test("work that would go on after the commit is refused", () => {
  expect(() => store.tx(async () => add(1))).toThrow(/must be synchronous/);
  store.tx(() => add(2));
  expect(all()).toEqual([2]);
});
