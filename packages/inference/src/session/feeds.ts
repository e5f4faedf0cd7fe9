// What a model is fed with.
import type { Picture } from "../image/draw.ts";

export interface Tensor {
  type: "float32" | "int64";
  data: Float32Array | BigInt64Array;
  dims: number[];
}

/**
 * By the names of the model's inputs. A picture becomes a tensor only on the model's thread: its bytes are fewer than its
 * numbers.
 */
export type Feeds = Record<string, Tensor | Picture>;

export interface ValueInfo {
  name: string;
  type: string;
  /** A number is fixed; a name is a dimension the caller chooses. */
  shape: (number | string)[];
}

/** How many numbers a tensor of this shape holds. */
export const lengthOf = (dims: number[]) => dims.reduce((product, size) => product * size, 1);

/** How many requests may run together: one where the model's first dimension is fixed. */
export const batchOf = (inputs: ValueInfo[], maxBatch: number) =>
  inputs.every(({ shape }) => typeof shape[0] === "string") ? maxBatch : 1;

/** The decoder has something to say against a picture that was handed over as a JPEG; libvips shall judge it. */
export class NotDrawn extends Error {}

/** The shape of an output for these tensors, or nothing where a dimension depends on the data. */
export function shapeFor(
  output: ValueInfo | undefined,
  inputs: ValueInfo[],
  given: Record<string, Tensor>,
): number[] | undefined {
  const sizes = new Map<string, number>();
  for (const { name, shape } of inputs)
    for (const [at, size] of shape.entries())
      if (typeof size === "string") sizes.set(size, given[name]?.dims[at] ?? 0);
  const dims = output?.shape.map((size) => (typeof size === "number" ? size : (sizes.get(size) ?? 0)));
  return dims?.every((size) => size > 0) ? dims : undefined;
}
