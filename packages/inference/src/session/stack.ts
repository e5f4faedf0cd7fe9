// The requests of one run as one set of tensors, on the model's thread. Its memory is used again from run to run.
import type { DrawTimes, drawer } from "../image/draw.ts";
import type { Feeds, Tensor } from "./feeds.ts";

export type Stack = (group: Feeds[]) => DrawTimes & { tensors: Record<string, Tensor> };

export function stacker(draw: ReturnType<typeof drawer> | undefined): Stack {
  const rooms = new Map<string, Float32Array>();

  function room(name: string, length: number): Float32Array {
    let kept = rooms.get(name);
    if (!kept || kept.length < length) rooms.set(name, (kept = new Float32Array(length)));
    return kept.subarray(0, length);
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
      const type = one.type === "int64" ? "int64" : "float32";
      const data =
        type === "int64" ? new BigInt64Array(length * group.length) : room(name, length * group.length);
      for (const [index, feeds] of group.entries()) {
        const feed = feeds[name]!;
        if ("dims" in feed) data.set(feed.data as never, index * length);
        else {
          const slot = (data as Float32Array).subarray(index * length, (index + 1) * length);
          const { decodeMs, preprocessMs } = draw!(feed, slot);
          drawn.decodeMs += decodeMs;
          drawn.preprocessMs += preprocessMs;
        }
      }
      tensors[name] = { type, data, dims: [dims[0]! * group.length, ...dims.slice(1)] };
    }
    return { tensors, ...drawn };
  };
}
