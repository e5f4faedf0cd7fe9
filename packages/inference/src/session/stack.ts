// The requests of one run as one set of tensors, on the model's thread. Its memory is used again from run to run.
import type { DrawTimes, drawer } from "../image/draw.ts";
import { type Feeds, NotDrawn, type Tensor } from "./tensor.ts";

export function stacker(draw: ReturnType<typeof drawer> | undefined) {
  const rooms = new Map<string, Float32Array>();

  function room(name: string, length: number): Float32Array {
    let kept = rooms.get(name);
    if (!kept || kept.length < length) rooms.set(name, (kept = new Float32Array(length)));
    return kept.subarray(0, length);
  }

  return function stack(group: Feeds[]): { tensors: Record<string, Tensor>; drawn?: DrawTimes } {
    const [first] = group as [Feeds];
    const drawn = { decodeMs: 0, preprocessMs: 0 };
    let drew = false;
    const tensors: Record<string, Tensor> = {};
    for (const name in first) {
      const one = first[name]!;
      if (group.length === 1 && one.type !== "sketch") {
        tensors[name] = one;
        continue;
      }
      const length = one.dims.reduce((product, size) => product * size, 1);
      const type = one.type === "int64" ? "int64" : "float32";
      const data =
        type === "int64" ? new BigInt64Array(length * group.length) : room(name, length * group.length);
      for (const [index, feeds] of group.entries()) {
        const feed = feeds[name]!;
        if (feed.type === "sketch") {
          const slot = (data as Float32Array).subarray(index * length, (index + 1) * length);
          try {
            const times = draw!(feed, slot);
            drawn.decodeMs += times.decodeMs;
            drawn.preprocessMs += times.preprocessMs;
            drew = true;
          } catch (error) {
            throw new NotDrawn((error as Error).message, { cause: error });
          }
        } else data.set(feed.data as never, index * length);
      }
      tensors[name] = { type, data, dims: [one.dims[0]! * group.length, ...one.dims.slice(1)] };
    }
    return drew ? { tensors, drawn } : { tensors };
  };
}
