// What goes to the model's thread and comes back.
export interface Tensor {
  type: "float32" | "int64";
  data: Float32Array | BigInt64Array;
  dims: number[];
}

export type Feeds = Record<string, Tensor>;

export interface ValueInfo {
  name: string;
  type: string;
  /** A number is fixed; a name is a dimension the caller chooses. */
  shape: (number | string)[];
}

export interface LaneData {
  model: string;
  threads: number;
}

export interface LaneRequest {
  id: number;
  feeds: Feeds;
  fetch: string;
  /** Shared memory for the answer, where its shape is known beforehand. */
  into: Tensor | undefined;
}

export type LaneReply =
  | { inputs: ValueInfo[]; outputs: ValueInfo[] }
  | { failed: string }
  /** Without an output it has been written where it was asked to be. */
  | { id: number; output?: Tensor }
  | { id: number; error: string };

/** The shape of an output for these feeds, or nothing where a dimension depends on the data. */
export function shapeFor(
  output: ValueInfo | undefined,
  inputs: ValueInfo[],
  feeds: Feeds,
): number[] | undefined {
  const sizes = new Map<string, number>();
  for (const { name, shape } of inputs)
    for (const [at, size] of shape.entries())
      if (typeof size === "string") sizes.set(size, feeds[name]?.dims[at] ?? 0);
  const dims = output?.shape.map((size) => (typeof size === "number" ? size : (sizes.get(size) ?? 0)));
  return dims?.every((size) => size > 0) ? dims : undefined;
}
