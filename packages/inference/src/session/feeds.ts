// The inputs of one request, and the limits that a model's input shapes set.
import type { EncodedImage } from "../image/preprocess.ts";
import type { Tensor, ValueInfo } from "../tensor.ts";

/** By input name. The worker turns an image into a tensor: its bytes are fewer than its floats. */
export type Feeds = Record<string, Tensor | EncodedImage>;

/** How many requests may run together: one where the model's first dimension is fixed. */
export const batchLimit = (inputs: ValueInfo[], maxBatch: number) =>
  inputs.every(({ shape }) => typeof shape[0] === "string") ? maxBatch : 1;

/** The output's shape for these inputs; undefined where a dimension depends on the data. */
export function outputShape(
  output: ValueInfo | undefined,
  inputs: ValueInfo[],
  tensors: Record<string, Tensor>,
): number[] | undefined {
  const sizes = new Map<string, number>();
  for (const { name, shape } of inputs)
    for (const [axis, size] of shape.entries())
      if (typeof size === "string") sizes.set(size, tensors[name]?.dims[axis] ?? 0);
  const dims = output?.shape.map((size) => (typeof size === "number" ? size : (sizes.get(size) ?? 0)));
  return dims?.every((size) => size > 0) ? dims : undefined;
}
