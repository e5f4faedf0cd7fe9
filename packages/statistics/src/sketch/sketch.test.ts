import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEmbedding } from "../embedding.ts";
import { alignCounts, createCategoryCounts } from "./counts.ts";
import { createQuantileSketch, readQuantileSketch } from "./quantiles.ts";
import { type ReservoirItem, createReservoir, readReservoir } from "./reservoir.ts";

/** The JSON of all parts merged in the order given. */
function mergedJson<Item, Sketch extends { add(item: Item): void; merge(other: Sketch): void }>(
  create: () => Sketch,
  parts: Item[][],
) {
  const whole = create();
  for (const part of parts) {
    const sketch = create();
    for (const item of part) sketch.add(item);
    whole.merge(sketch);
  }
  return JSON.stringify(whole);
}

const seeds = { seed: 4, numRuns: 100 };
const value = fc.double({ noNaN: true, min: -1e10, max: 1e10 });
const item = fc.record({
  id: fc.integer({ min: 0, max: 30 }).map(String),
  embedding: fc.constantFrom("AA==", "fw==", "gA=="),
});

test("parts merge to the same sketch in any order", () => {
  fc.assert(
    fc.property(fc.array(fc.array(value), { maxLength: 5 }), (parts) => {
      const whole = mergedJson(() => createQuantileSketch(), [parts.flat()]);
      expect(mergedJson(() => createQuantileSketch(), parts)).toBe(whole);
      expect(mergedJson(() => createQuantileSketch(), parts.toReversed())).toBe(whole);
    }),
    seeds,
  );
  fc.assert(
    fc.property(fc.array(fc.array(item), { maxLength: 5 }), (parts) => {
      const whole = mergedJson(() => createReservoir(8, 5), [parts.flat()]);
      expect(mergedJson(() => createReservoir(8, 5), parts)).toBe(whole);
      expect(mergedJson(() => createReservoir(8, 5), parts.toReversed())).toBe(whole);
    }),
    seeds,
  );
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ maxLength: 2 })), { maxLength: 5 }), (parts) => {
      const whole = mergedJson<string, ReturnType<typeof createCategoryCounts>>(createCategoryCounts, [
        parts.flat(),
      ]);
      expect(
        mergedJson<string, ReturnType<typeof createCategoryCounts>>(createCategoryCounts, parts.toReversed()),
      ).toBe(whole);
    }),
    seeds,
  );
});

test("quantiles are within half a percent of the value at their rank", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }),
      fc.constantFrom(0, 0.25, 0.5, 0.9, 1),
      (values, share) => {
        const sketch = createQuantileSketch();
        for (const one of values) sketch.add(one);
        const exact = values.toSorted((left, right) => left - right)[
          Math.floor(share * (values.length - 1))
        ]!;
        const found = sketch.quantile(share)!;
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(0.005 * Math.abs(exact) * (1 + 1e-9) + 1e-6);
      },
    ),
    { seed: 4, numRuns: 300 },
  );
});

test("a sketch of no, one and ten values", () => {
  const sketch = createQuantileSketch();
  expect([sketch.quantile(0.5), sketch.moments(), sketch.min, sketch.shareBelow(1)]).toEqual([
    undefined,
    undefined,
    undefined,
    0,
  ]);
  sketch.add(-7);
  expect(sketch).toMatchObject({ count: 1, min: -7, max: -7 });
  expect(sketch.quantile(0.3)).toBe(-7);
  for (let at = 1; at < 10; at++) sketch.add(at * 10);
  expect(sketch.shareBelow(50)).toBe(0.6);
  const { mean, deviation } = sketch.moments()!;
  expect(Math.abs(mean - 44.3)).toBeLessThan(0.3);
  expect(Math.abs(deviation - 29.87)).toBeLessThan(0.3);
  expect(JSON.stringify(readQuantileSketch(sketch.toJSON()))).toBe(JSON.stringify(sketch));
});

test("a sketch refuses NaN, and sketches of another accuracy", () => {
  const sketch = createQuantileSketch();
  expect(() => sketch.add(NaN)).toThrow("this value is NaN");
  expect(() => sketch.merge(createQuantileSketch(0.01))).toThrow("accuracy 0.005 and 0.01 cannot be merged");
  expect(sketch.count).toBe(0);
});

test("the memory of a sketch is bounded", () => {
  const sketch = createQuantileSketch();
  for (let exponent = -300; exponent < 300; exponent += 0.001) sketch.add(10 ** exponent);
  expect(sketch.toJSON().buckets.length).toBeLessThanOrEqual(3456);
  expect(sketch.max).toBeGreaterThan(1e299);
});

test("counts by category, and the aligned counts of two", () => {
  const first = createCategoryCounts([["cat", 3]]);
  const second = createCategoryCounts();
  first.add("__proto__");
  second.add("dog", 2);
  second.add("cat");
  expect(first.total).toBe(4);
  expect(first.get("bird")).toBe(0);
  expect(alignCounts(first, second)).toEqual({
    categories: ["__proto__", "cat", "dog"],
    first: [1, 3, 0],
    second: [0, 1, 2],
  });
  expect(() => first.add("cat", 0.5)).toThrow("The count of 'cat' is 0.5");
  expect(alignCounts(createCategoryCounts(), createCategoryCounts()).categories).toEqual([]);
});

const items = (count: number): ReservoirItem[] =>
  Array.from({ length: count }, (_, at) => ({ id: `item-${at}`, embedding: "fwA=" }));

test("a reservoir is a sample in which each item is equally likely", () => {
  const hits = new Float64Array(20);
  for (let seed = 0; seed < 2000; seed++) {
    const reservoir = createReservoir(5, seed);
    for (const one of items(20)) reservoir.add(one);
    for (const { id } of reservoir.items()) hits[Number(id.slice(5))]! += 1 / 2000;
  }
  // Expected 0.25 each, with a deviation of 0.01.
  for (const share of hits) expect(Math.abs(share - 0.25)).toBeLessThan(0.04);
});

test("a reservoir keeps its capacity, repeated items once, and survives JSON", () => {
  const reservoir = createReservoir(5, 1);
  for (const one of [...items(50), ...items(50)]) reservoir.add(one);
  expect(reservoir.seen).toBe(100);
  expect(new Set(reservoir.items().map(({ id }) => id)).size).toBe(5);
  const copy = readReservoir(JSON.parse(JSON.stringify(reservoir)));
  expect(JSON.stringify(copy)).toBe(JSON.stringify(reservoir));
  expect(() => reservoir.merge(createReservoir(5, 2))).toThrow("cannot be merged");
});

test("an embedding is signed bytes", () => {
  expect([...decodeEmbedding("fwCBwA==")]).toEqual([1, 0, -1, -64 / 127]);
});
