// What goes to the model's thread and comes back.
import type { DrawTimes, Sketch } from "../image/draw.ts";
import type { ImageInput } from "../package.ts";

export interface Tensor {
  type: "float32" | "int64";
  data: Float32Array | BigInt64Array;
  dims: number[];
}

/** A picture that becomes a tensor only on the model's thread: its bytes are fewer than its numbers. */
export interface Sketched extends Sketch {
  type: "sketch";
  dims: number[];
}

export type Feeds = Record<string, Tensor | Sketched>;

/** With the times of what was drawn for it, all pictures of its run together. */
export type Output = Tensor & { drawn?: DrawTimes };

export interface ValueInfo {
  name: string;
  type: string;
  /** A number is fixed; a name is a dimension the caller chooses. */
  shape: (number | string)[];
}

export interface LaneData {
  model: string;
  threads: number;
  /** How sketches are to be drawn; without it there must be none. */
  image: ImageInput | undefined;
}

export interface LaneRequest {
  id: number;
  /** Requests that run together, each with a first dimension of one; or one with whatever dimensions. */
  group: Feeds[];
  fetch: string;
  /** Shared memory for the answer, where its shape is known beforehand. */
  into: Tensor | undefined;
}

export type LaneReply =
  | { inputs: ValueInfo[]; outputs: ValueInfo[] }
  | { failed: string }
  /** Without an output it has been written where it was asked to be. */
  | { id: number; output?: Tensor; drawn?: DrawTimes }
  | { id: number; error: string }
  | { id: number; notDrawn: string };

/** The decoder of sketches has something to say against the bytes; libvips shall judge them. */
export class NotDrawn extends Error {}

/** The shape of an output for so many of these feeds, or nothing where a dimension depends on the data. */
export function shapeFor(
  output: ValueInfo | undefined,
  inputs: ValueInfo[],
  feeds: Feeds,
  count = 1,
): number[] | undefined {
  const sizes = new Map<string, number>();
  for (const { name, shape } of inputs)
    for (const [at, size] of shape.entries())
      if (typeof size === "string") {
        const one = feeds[name]?.dims[at] ?? 0;
        sizes.set(size, at === 0 ? one * count : one);
      }
  const dims = output?.shape.map((size) => (typeof size === "number" ? size : (sizes.get(size) ?? 0)));
  return dims?.every((size) => size > 0) ? dims : undefined;
}
