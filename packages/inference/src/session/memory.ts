// Memory that the model's threads see too. It is used again: the system hands out fresh pages more slowly than pixels fill
// them, and nothing has to be copied or moved between threads.
const MOST_KEPT = 32;

export interface Memory {
  /** What lies in it is left over from before. */
  take(length: number): Float32Array;
  /** Only what `take` gave is kept; nobody may read it afterwards. */
  give(data: ArrayLike<unknown>): void;
}

export function sharedMemory(): Memory {
  const free: Float32Array[] = [];
  const ours = new WeakSet<object>();
  return {
    take(length) {
      const at = free.findLastIndex((data) => data.length === length);
      if (at >= 0) return free.splice(at, 1)[0]!;
      const data = new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
      ours.add(data);
      return data;
    },
    give(data) {
      if (!ours.has(data)) return;
      free.push(data as Float32Array);
      if (free.length > MOST_KEPT) free.shift();
    },
  };
}
