// Limits the number of concurrent jobs: first in, first out.

export function openJobSlots(count: number) {
  let used = 0;
  const waiting = new Set<() => void>();
  const occupy = () => {
    used++;
    return () => {
      used--;
      const [next] = waiting;
      next?.();
    };
  };
  return {
    free: () => used < count,
    /**
     * Waits for a slot and returns the function that releases it. When `signal` aborts, it returns without a slot: a
     * stopped job has little work left.
     */
    async acquire(signal: AbortSignal): Promise<() => void> {
      if (used < count) return occupy();
      return await new Promise((resolve) => {
        const finish = (cloud: () => void) => {
          waiting.delete(go);
          signal.removeEventListener("abort", giveUp);
          resolve(cloud);
        };
        const go = () => finish(occupy());
        const giveUp = () => finish(() => {});
        waiting.add(go);
        signal.addEventListener("abort", giveUp);
      });
    },
  };
}
