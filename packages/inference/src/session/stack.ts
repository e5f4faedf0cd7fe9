// The requests of one run as one set of tensors, on the model's thread. Its memory is used again from run to run.
import type { DrawTimes, Drawer, Picture } from "../image/draw.ts";
import { type Feeds, type Tensor, lengthOf } from "./feeds.ts";

export type Stack = (group: Feeds[]) => DrawTimes & { tensors: Record<string, Tensor> };

export function stacker(drawer: Drawer | undefined): Stack {
  /** By how many pictures run together: for the same tensor ONNX Runtime needs nothing new. */
  const drawn = new Map<number, Tensor>();

  function pictures({ tensor, dims }: Drawer, count: number): Tensor {
    let some = drawn.get(count);
    const length = lengthOf(dims) * count;
    if (!some) drawn.set(count, (some = batch("float32", tensor.subarray(0, length), count, dims)));
    return some;
  }

  return function stack(group) {
    const [first] = group as [Feeds];
    const times = { decodeMs: 0, preprocessMs: 0 };
    const tensors: Record<string, Tensor> = {};
    for (const name in first) {
      const one = first[name]!;
      if (!("dims" in one)) {
        tensors[name] = pictures(drawer!, group.length);
        for (const [at, feeds] of group.entries()) {
          const { decodeMs, preprocessMs } = drawer!.draw(feeds[name] as Picture, at);
          times.decodeMs += decodeMs;
          times.preprocessMs += preprocessMs;
        }
      } else tensors[name] = group.length === 1 ? one : joined(group.map((feeds) => feeds[name] as Tensor));
    }
    return { tensors, ...times };
  };
}

function joined(tensors: Tensor[]): Tensor {
  const [{ type, dims }] = tensors as [Tensor];
  const length = lengthOf(dims);
  const data = new (type === "int64" ? BigInt64Array : Float32Array)(length * tensors.length);
  for (const [at, one] of tensors.entries()) data.set(one.data as never, at * length);
  return batch(type, data, tensors.length, dims);
}

const batch = (
  type: Tensor["type"],
  data: Tensor["data"],
  count: number,
  [first, ...rest]: number[],
): Tensor => ({ type, data, dims: [first! * count, ...rest] });
