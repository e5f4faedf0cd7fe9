import fc from "fast-check";
import { expect, test } from "vitest";
import { assignSplits, CAPPED, TEST, TRAIN, VALIDATION } from "./assign.ts";
import { fingerprints } from "@sluice/labels/inspect/fingerprints.ts";
import { columnBuilder, type Row } from "./columns.ts";
import { apportion } from "./shares.ts";

const split = { train: 0.7, validation: 0.15, test: 0.15 };
const shares = [0.7, 0.15, 0.15];

type Made = Row & { content?: number };

function made(rows: Made[], seed = 1, caps: number[] = [Infinity, Infinity, Infinity]) {
  const builder = columnBuilder(seed);
  const prints = fingerprints();
  for (const row of rows) {
    builder.add(row);
    prints.add({ sha256: row.content === undefined ? undefined : String(row.content) });
  }
  const items = builder.build();
  const group = prints.near();
  return { items, group, taken: assignSplits(items, group, { split, caps }) };
}

const single = (classes: number[], at: number): Row => ({ key: `data/${at}.jpg`, classes });

test("apportioned parts are within one item of their share, and none is empty if there are enough items", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5_000 }),
      fc.tuple(fc.integer({ min: 1, max: 100 }), fc.nat(100), fc.nat(100)),
      (count, weights) => {
        const sum = weights.reduce((all, weight) => all + weight, 0);
        const wanted = weights.map((weight) => weight / sum);
        const parts = apportion(count, wanted);
        expect(parts.reduce((all, part) => all + part, 0)).toBe(count);
        const used = wanted.filter((share) => share > 0).length;
        for (const [at, share] of wanted.entries()) {
          if (share === 0) expect(parts[at]).toBe(0);
          else if (count >= used) expect(parts[at]).toBeGreaterThan(0);
          // A part gives up another item only to a part that would be empty.
          if (Math.min(...parts.filter((_, one) => wanted[one]! > 0)) > 1)
            expect(Math.abs(parts[at]! - share * count)).toBeLessThanOrEqual(1);
        }
      },
    ),
    { seed: 3, numRuns: 1_000 },
  );
});

test("integer shares are exact", () => {
  expect(apportion(10, [0.7, 0.2, 0.1])).toEqual([7, 2, 1]);
  expect(apportion(20, shares)).toEqual([14, 3, 3]);
  expect(apportion(3, shares)).toEqual([1, 1, 1]);
});

test("every class is within one item of its share in every split", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2), { minLength: 30, maxLength: 400 }), fc.nat(9_999), (classes, seed) => {
      const { taken } = made(
        classes.map((one, at) => single([one], at)),
        seed,
      );
      for (const one of [0, 1, 2]) {
        const mine = classes.flatMap((of, at) => (of === one ? [taken[at]!] : []));
        if (mine.length < 7) continue;
        for (const [to, share] of shares.entries())
          expect(Math.abs(mine.filter((is) => is === to).length - share * mine.length)).toBeLessThanOrEqual(
            1,
          );
      }
    }),
    { seed: 4, numRuns: 100 },
  );
});

test("groups are never split", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(2), fc.nat(60)), { minLength: 60, maxLength: 300 }),
      fc.nat(99),
      (all, seed) => {
        const rows = all.map(([one, content], at) => ({ ...single([one], at), content }));
        const { group, taken } = made(rows, seed);
        for (const [at, [, content]] of all.entries()) {
          const twin = all.findIndex(([, other]) => other === content);
          expect(group[at]).toBe(group[twin]);
          expect(taken[at]).toBe(taken[twin]);
        }
      },
    ),
    { seed: 5, numRuns: 50 },
  );
});

test("pairs of equal images do not change the shares", () => {
  const rows = Array.from({ length: 600 }, (_, at) => ({
    ...single([at % 3], at),
    content: at < 300 ? at % 150 : at,
  }));
  const { taken } = made(rows);
  for (const one of [0, 1, 2])
    for (const [to, share] of shares.entries()) {
      const mine = [...taken].filter((is, at) => at % 3 === one && is === to).length;
      expect(Math.abs(mine - share * 200)).toBeLessThanOrEqual(1);
    }
});

test("the same seed gives the same splits for any order of items; another seed gives others", () => {
  const rows = Array.from({ length: 200 }, (_, at) => single([at % 2], at));
  const byKey = (list: Row[], seed: number) => {
    const { taken } = made(list, seed);
    return new Map(list.map(({ key }, at) => [key, taken[at]]));
  };
  const first = byKey(rows, 7);
  const turned = byKey(rows.toReversed(), 7);
  expect(rows.every(({ key }) => first.get(key) === turned.get(key))).toBe(true);
  expect(rows.every(({ key }) => first.get(key) === byKey(rows, 8).get(key))).toBe(false);
});

test("a cap limits training only", () => {
  const rows = Array.from({ length: 2_400 }, (_, at) => single([at < 2_067 ? 0 : 1 + (at % 2)], at));
  const { taken } = made(rows, 1, [200, Infinity, Infinity]);
  const of = (one: boolean, to: number) =>
    [...taken].filter((is, at) => at < 2_067 === one && is === to).length;
  expect([of(true, TRAIN), of(true, VALIDATION), of(true, TEST)]).toEqual([200, 310, 310]);
  expect(of(true, CAPPED)).toBe(2_067 - 820);
  expect(of(false, CAPPED)).toBe(0);
});

test("an image with several classes is stratified by its rarest class", () => {
  const rows = Array.from({ length: 100 }, (_, at) => single(at < 10 ? [0, 1] : at < 90 ? [0] : [], at));
  const { taken } = made(rows, 2);
  const rare = [...taken].slice(0, 10);
  expect([TRAIN, VALIDATION, TEST].map((to) => rare.filter((is) => is === to).length)).toEqual([7, 2, 1]);
  const empty = [...taken].slice(90);
  expect(empty.filter((is) => is === TRAIN)).toHaveLength(7);
});
