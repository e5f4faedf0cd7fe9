// A sketch of a distribution of numbers: counts in buckets whose bounds grow by a constant factor (DDSketch, Masson et al. 2019).
// The buckets are fixed, so parts merge to the same sketch in any order.

export interface QuantileSketchData {
  accuracy: number;
  min: number | null;
  max: number | null;
  /** Only buckets that are not empty, by index. */
  buckets: [index: number, count: number][];
}

export interface QuantileSketch {
  readonly accuracy: number;
  readonly count: number;
  /** Exact; undefined when empty. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Throws for a value that is not finite. */
  add(value: number, count?: number): void;
  merge(other: QuantileSketch): void;
  /** Off by at most `accuracy` times the value; undefined when empty. */
  quantile(share: number): number | undefined;
  /** From the buckets, so each value counts with the same error. Undefined when empty. */
  moments(): { mean: number; deviation: number } | undefined;
  /** The share of values at or below, to the bucket. */
  shareBelow(value: number): number;
  /** A value within each bucket and its count, ascending. */
  buckets(): { value: number; count: number }[];
  toJSON(): QuantileSketchData;
}

/** A value is off by 0.5 % at most. */
const DEFAULT_ACCURACY = 0.005;
/** Smaller magnitudes count as 0, larger ones as this. So 6,911 buckets are the most, 54 KB, at the default accuracy. */
const SMALLEST = 1e-6;
const LARGEST = 1e9;

/** A probability near 1 needs the sketch of its distance to 1: the error is relative to the value. */
export function createQuantileSketch(accuracy = DEFAULT_ACCURACY): QuantileSketch {
  if (!(accuracy >= 0.0005 && accuracy <= 0.2))
    throw new RangeError(`The accuracy of a sketch is 0.0005 to 0.2; this one is ${accuracy}.`);
  const logGrowth = Math.log((1 + accuracy) / (1 - accuracy));
  const side = Math.ceil(Math.log(LARGEST / SMALLEST) / logGrowth) + 1;
  /** Negative values, then 0, then positive ones. */
  const counts = new Float64Array(2 * side + 1);
  let count = 0;
  let min = Infinity;
  let max = -Infinity;

  const bucketOf = (value: number) => {
    const magnitude = Math.min(Math.abs(value), LARGEST);
    if (magnitude < SMALLEST) return 0;
    const index = Math.ceil(Math.log(magnitude / SMALLEST) / logGrowth) + 1;
    return value < 0 ? -index : index;
  };
  /** Within `accuracy` of all values of the bucket. */
  const valueOf = (index: number) =>
    index === 0
      ? 0
      : Math.sign(index) * SMALLEST * Math.exp((Math.abs(index) - 1) * logGrowth) * (1 - accuracy);
  const buckets = () =>
    [...counts.entries()].flatMap(([at, inBucket]) =>
      inBucket === 0 ? [] : [{ index: at - side, value: valueOf(at - side), count: inBucket }],
    );
  const extend = (low: number, high: number) => {
    min = Math.min(min, low);
    max = Math.max(max, high);
  };
  const put = (index: number, added: number) => {
    counts[index + side]! += added;
    count += added;
  };

  return {
    accuracy,
    get count() {
      return count;
    },
    get min() {
      return count === 0 ? undefined : min;
    },
    get max() {
      return count === 0 ? undefined : max;
    },
    add(value, added = 1) {
      if (!Number.isFinite(value))
        throw new RangeError(`A sketch holds finite numbers; this value is ${value}.`);
      extend(value, value);
      put(bucketOf(value), added);
    },
    merge(other) {
      const data = other.toJSON();
      if (data.accuracy !== accuracy)
        throw new RangeError(`Sketches of accuracy ${accuracy} and ${data.accuracy} cannot be merged.`);
      if (other.count > 0) extend(data.min!, data.max!);
      for (const [index, added] of data.buckets) put(index, added);
    },
    quantile(share) {
      if (count === 0) return undefined;
      const rank = share * (count - 1);
      let below = 0;
      const found = buckets().find((bucket) => (below += bucket.count) > rank);
      return Math.min(Math.max(found?.value ?? max, min), max);
    },
    moments() {
      if (count === 0) return undefined;
      const all = buckets();
      const mean = all.reduce((sum, bucket) => sum + bucket.value * bucket.count, 0) / count;
      const squares = all.reduce((sum, bucket) => sum + (bucket.value - mean) ** 2 * bucket.count, 0);
      return { mean, deviation: Math.sqrt(squares / count) };
    },
    shareBelow(value) {
      if (count === 0) return 0;
      return counts.subarray(0, bucketOf(value) + side + 1).reduce((sum, one) => sum + one, 0) / count;
    },
    buckets: () => buckets().map(({ value, count: inBucket }) => ({ value, count: inBucket })),
    toJSON: () => ({
      accuracy,
      min: count === 0 ? null : min,
      max: count === 0 ? null : max,
      buckets: buckets().map(({ index, count: inBucket }) => [index, inBucket]),
    }),
  };
}

export function readQuantileSketch(data: QuantileSketchData): QuantileSketch {
  const sketch = createQuantileSketch(data.accuracy);
  const count = data.buckets.reduce((sum, [, inBucket]) => sum + inBucket, 0);
  sketch.merge({ ...sketch, count, toJSON: () => data });
  return sketch;
}
