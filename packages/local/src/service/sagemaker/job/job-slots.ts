// Limits the number of concurrent jobs: first in, first out.

export interface JobSlots {
  free(): boolean;
  /**
   * Waits for a slot and returns the function that releases it. When `signal` aborts, it returns without a slot: a stopped
   * job has little work left.
   */
  acquire(signal: AbortSignal): Promise<() => void>;
}

export function openJobSlots(count: number): JobSlots {
  let taken = 0;
  const waiting = new Set<() => void>();
  const hold = () => {
    taken++;
    return () => {
      taken--;
      const [next] = waiting;
      next?.();
    };
  };
  return {
    free: () => taken < count,
    async acquire(signal) {
      if (taken < count) return hold();
      return await new Promise((resolve) => {
        const settle = (cloud: () => void) => {
          waiting.delete(go);
          signal.removeEventListener("abort", giveUp);
          resolve(cloud);
        };
        const go = () => settle(hold());
        const giveUp = () => settle(() => {});
        waiting.add(go);
        signal.addEventListener("abort", giveUp);
      });
    },
  };
}
