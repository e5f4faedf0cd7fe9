// The requests of one run as one set of tensors, on the model's thread. Its memory is used again from run to run.
import type { DrawTimes, drawer } from "../image/draw.ts";
import type { Feeds, Tensor } from "./feeds.ts";

export type Stack = (group: Feeds[]) => DrawTimes & { tensors: Record<string, Tensor> };

export function stacker(draw: ReturnType<typeof drawer> | undefined): Stack {
  const rooms = new Map<string, { memory: Float32Array; tensor: Tensor }>();

  /** The same tensor as for the last run of as many. */
  function room(name: string, count: number, dims: number[]): Tensor {
    const before = rooms.get(name);
    const length = dims.reduce((product, size) => product * size, count);
    if (before?.tensor.data.length === length) return before.tensor;
    const memory = before && before.memory.length >= length ? before.memory : new Float32Array(length);
    const tensor = tensorOf("float32", memory.subarray(0, length), count, dims);
    rooms.set(name, { memory, tensor });
    return tensor;
  }

  return function stack(group) {
    const [first] = group as [Feeds];
    const drawn = { decodeMs: 0, preprocessMs: 0 };
    const tensors: Record<string, Tensor> = {};
    for (const name in first) {
      const one = first[name]!;
      if (group.length === 1 && "dims" in one) {
        tensors[name] = one;
        continue;
      }
      const dims = "dims" in one ? one.dims : draw!.dims;
      const length = dims.reduce((product, size) => product * size, 1);
      const tensor =
        one.type === "int64"
          ? tensorOf("int64", new BigInt64Array(length * group.length), group.length, dims)
          : room(name, group.length, dims);
      for (const [index, feeds] of group.entries()) {
        const feed = feeds[name]!;
        const slot = tensor.data.subarray(index * length, (index + 1) * length);
        if ("dims" in feed) slot.set(feed.data as never);
        else {
          const { decodeMs, preprocessMs } = draw!(feed, slot as Float32Array);
          drawn.decodeMs += decodeMs;
          drawn.preprocessMs += preprocessMs;
        }
      }
      tensors[name] = tensor;
    }
    return { tensors, ...drawn };
  };
}

const tensorOf = (
  type: Tensor["type"],
  data: Tensor["data"],
  count: number,
  [first, ...rest]: number[],
): Tensor => ({ type, data, dims: [first! * count, ...rest] });
