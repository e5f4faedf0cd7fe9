// So many jobs at once, first come first served; the others wait.

export interface JobSlots {
  free(): boolean;
  /**
   * Waits for a place; the answer gives it back. When `signal` fires the wait ends without one: a stopped job has
   * little left to do.
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
