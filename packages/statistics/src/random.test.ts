import { expect, test } from "vitest";
import { seedRandom, selectItems, shuffle } from "./random.ts";

test("a seed repeats its numbers, which spread evenly", () => {
  const [one, two, other] = [seedRandom(1), seedRandom(1), seedRandom(2)];
  const drawn = Array.from({ length: 10_000 }, one);
  expect(Array.from({ length: 10_000 }, two)).toEqual(drawn);
  expect(other()).not.toBe(drawn[0]);
  const bins = new Float64Array(10);
  for (const number of drawn) bins[Math.floor(number * 10)]!++;
  for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

test("shuffling keeps all items; a selection has no item twice", () => {
  const numbers = Array.from({ length: 50 }, (_, at) => at);
  expect(shuffle([...numbers], seedRandom(3)).toSorted((left, right) => left - right)).toEqual(numbers);
  expect(new Set(selectItems(numbers, 20, seedRandom(3))).size).toBe(20);
  expect(selectItems(numbers, 60, seedRandom(3))).toBe(numbers);
});
