// What a period of predictions looks like: sketches that merge, so memory does not grow with the number of predictions
// and a day is the sum of its hours.
import { type CategoryCounts, type CategoryCountsData, createCategoryCounts } from "../sketch/counts.ts";
import {
  createQuantileSketch,
  type QuantileSketch,
  type QuantileSketchData,
  readQuantileSketch,
} from "../sketch/quantiles.ts";
import { createReservoir, readReservoir, type Reservoir, type ReservoirData } from "../sketch/reservoir.ts";
import { addExpected, type ExpectedData, mergeExpected, NOTHING_EXPECTED } from "./expected.ts";
import type { MonitoredItem } from "./item.ts";

/** Embeddings of a window. Tests on them take time in proportion to its square. */
export const MAX_EMBEDDINGS = 500;
/** The class of an item without a prediction, such as an image without objects. */
export const NO_CLASS = "(none)";

export interface WindowData {
  seed: number;
  /** Divides the logits of calibrated confidences. */
  temperature: number;
  count: number;
  /** Epoch ms of the first and last item. */
  from: number | null;
  to: number | null;
  numbers: Record<string, QuantileSketchData>;
  categories: Record<string, CategoryCountsData>;
  classes: CategoryCountsData;
  confidence: QuantileSketchData;
  expected: ExpectedData;
  embeddings: ReservoirData;
}

export interface Window {
  readonly seed: number;
  readonly temperature: number;
  readonly count: number;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly numbers: ReadonlyMap<string, QuantileSketch>;
  readonly categories: ReadonlyMap<string, CategoryCounts>;
  /** Of the strongest class of each item. */
  readonly classes: CategoryCounts;
  readonly confidence: QuantileSketch;
  readonly expected: ExpectedData;
  readonly embeddings: Reservoir;
  add(item: MonitoredItem): void;
  merge(other: Window): void;
  toJSON(): WindowData;
}

export interface WindowOptions {
  /** Of the choice of embeddings: windows that are merged or compared use one seed. */
  seed: number;
  temperature?: number;
}

export const createWindow = ({ seed, temperature = 1 }: WindowOptions): Window =>
  openWindow({
    seed,
    temperature,
    count: 0,
    from: null,
    to: null,
    numbers: {},
    categories: {},
    classes: [],
    confidence: createQuantileSketch().toJSON(),
    expected: NOTHING_EXPECTED,
    embeddings: createReservoir(MAX_EMBEDDINGS, seed).toJSON(),
  });

export const readWindow = (data: WindowData): Window => openWindow(data);

function openWindow(data: WindowData): Window {
  const { seed, temperature } = data;
  const numbers = mapValues(data.numbers, readQuantileSketch);
  const categories = mapValues(data.categories, createCategoryCounts);
  const classes = createCategoryCounts(data.classes);
  const confidence = readQuantileSketch(data.confidence);
  const embeddings = readReservoir(data.embeddings);
  let { count, expected } = data;
  let from = data.from ?? Infinity;
  let to = data.to ?? -Infinity;
  const extend = (low: number, high: number) => {
    from = Math.min(from, low);
    to = Math.max(to, high);
  };

  const window: Window = {
    seed,
    temperature,
    get count() {
      return count;
    },
    get from() {
      return count === 0 ? undefined : from;
    },
    get to() {
      return count === 0 ? undefined : to;
    },
    get expected() {
      return expected;
    },
    numbers,
    categories,
    classes,
    confidence,
    embeddings,
    add(item) {
      count++;
      extend(item.at, item.at);
      for (const name in item.numbers) {
        const value = item.numbers[name]!;
        if (Number.isFinite(value)) entryOf(numbers, name, createQuantileSketch).add(value);
      }
      for (const name in item.categories)
        entryOf(categories, name, createCategoryCounts).add(item.categories[name]!);
      classes.add(item.class ?? NO_CLASS);
      if (item.confidence !== undefined) confidence.add(item.confidence);
      expected = addExpected(expected, item, temperature);
      if (item.embedding !== undefined) embeddings.add({ id: item.id, embedding: item.embedding });
    },
    merge(other) {
      if (other.temperature !== temperature)
        throw new RangeError(
          `Windows of temperature ${temperature} and ${other.temperature} cannot be merged.`,
        );
      if (other.count > 0) extend(other.from!, other.to!);
      count += other.count;
      for (const [name, sketch] of other.numbers) entryOf(numbers, name, createQuantileSketch).merge(sketch);
      for (const [name, counts] of other.categories)
        entryOf(categories, name, createCategoryCounts).merge(counts);
      classes.merge(other.classes);
      confidence.merge(other.confidence);
      expected = mergeExpected(expected, other.expected);
      embeddings.merge(other.embeddings);
    },
    toJSON: () => ({
      seed,
      temperature,
      count,
      from: window.from ?? null,
      to: window.to ?? null,
      numbers: toSortedObject(numbers),
      categories: toSortedObject(categories),
      classes: classes.toJSON(),
      confidence: confidence.toJSON(),
      expected,
      embeddings: embeddings.toJSON(),
    }),
  };
  return window;
}

const mapValues = <From, To>(values: Record<string, From>, read: (value: From) => To) =>
  new Map(Object.entries(values).map(([name, value]) => [name, read(value)]));

function entryOf<Value>(map: Map<string, Value>, name: string, create: () => Value): Value {
  const found = map.get(name);
  if (found !== undefined) return found;
  const created = create();
  map.set(name, created);
  return created;
}

/** Sorted, so that equal windows have equal JSON. */
const toSortedObject = <Data>(map: ReadonlyMap<string, { toJSON(): Data }>): Record<string, Data> =>
  Object.fromEntries(
    [...map]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, value]) => [name, value.toJSON()]),
  );
