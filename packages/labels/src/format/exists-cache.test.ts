import { expect, test } from "vitest";
import { existsCache } from "./exists-cache.ts";

const PAGE = 100;
const number = (at: number) => String(at).padStart(5, "0");

/** Requests counted; pages of a hundred. */
function source(there: readonly string[]) {
  const counts = { single: 0, pages: 0 };
  const known = new Set(there);
  return {
    counts,
    has: async (key: string) => {
      counts.single += 1;
      return known.has(key);
    },
    page: async (folder: string, after = "") => {
      counts.pages += 1;
      const rest = there.filter((key) => key.startsWith(folder) && key > after);
      const keys = rest.slice(0, PAGE);
      return { keys, upTo: rest.length > PAGE ? keys.at(-1) : undefined };
    },
  };
}

test("a folder with many lookups is listed, and every result is correct", async () => {
  const there = Array.from({ length: 1_000 }, (_, at) => `a/${number(at * 2)}.jpg`);
  const s3 = source(there);
  const has = existsCache(s3);
  const lookups = Array.from({ length: 2_000 }, (_, at) => `a/${number(at)}.jpg`);
  // Several at a time, like an import.
  for (let at = 0; at < lookups.length; at += 16) {
    const some = lookups.slice(at, at + 16);
    const answers = await Promise.all(some.map(has));
    expect(answers).toEqual(some.map((key) => Number(key.slice(2, 7)) % 2 === 0));
  }
  expect(s3.counts.pages).toBe(10);
  expect(s3.counts.single).toBeLessThan(60);
});

test("a few lookups in a large folder do not list it", async () => {
  const there = Array.from({ length: 10_000 }, (_, at) => `a/${number(at)}.jpg`);
  const s3 = source(there);
  const has = existsCache(s3);
  for (let at = 0; at < 40; at += 1) expect(await has(`a/${number(9_000 + at)}.jpg`)).toBe(true);
  expect(s3.counts.pages).toBeLessThanOrEqual(20);
  expect(await has("b/1.jpg")).toBe(false);
});
