import fc from "fast-check";
import { expect, test } from "vitest";
import { keyAfter, compare, successor, walkKeys, type WalkResult } from "./walk.ts";

const text = fc.string({
  unit: fc.constantFrom("a", "b", "/", "é", "\ud7ff", "\ue000", "🦈", "\u{10ffff}"),
  maxLength: 6,
});

test("pages of any size list every key and common prefix once and in order", () => {
  const keys = fc.uniqueArray(
    text.filter((key) => key !== ""),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(
      keys,
      text,
      fc.constantFrom("", "/", "a"),
      fc.integer({ min: 1, max: 5 }),
      (all, prefix, delimiter, limit) => {
        const sorted = all.toSorted(compare);
        const expected = new Set(
          sorted
            .filter((key) => key.startsWith(prefix))
            .map((key) => {
              const at = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
              return at < 0 ? key : key.slice(0, at + delimiter.length);
            }),
        );
        const seen: string[] = [];
        let from: string | undefined = "";
        while (from !== undefined) {
          const page: WalkResult<{ key: string }> = walkKeys({
            prefix,
            delimiter,
            from,
            limit,
            fetch: (start, below, count) =>
              sorted
                .filter((key) => compare(key, start) >= 0 && (below === undefined || compare(key, below) < 0))
                .slice(0, count)
                .map((key) => ({ key })),
          });
          const shown = [...page.rows.map(({ key }) => key), ...page.prefixes];
          expect(shown.length).toBeLessThanOrEqual(limit);
          seen.push(...shown.toSorted(compare));
          from = page.next;
        }
        expect(seen).toEqual([...expected]);
      },
    ),
  );
});

test("the successor of a prefix sorts after all keys with the prefix, and before all later keys", () => {
  fc.assert(
    fc.property(text, text, (prefix, rest) => {
      const next = successor(prefix);
      if (next === undefined) return;
      expect(compare(prefix + rest, next)).toBeLessThan(0);
      expect(compare(keyAfter(prefix), next)).toBeLessThan(0);
    }),
  );
});
