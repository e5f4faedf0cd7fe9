// So many jobs at once, first come first served; the others wait.

export interface Places {
  free(): boolean;
  /**
   * Waits for a place; the answer gives it back. When `signal` fires the wait ends without one: a stopped job has
   * little left to do.
   */
  take(signal: AbortSignal): Promise<() => void>;
}

export function openPlaces(count: number): Places {
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
    async take(signal) {
      if (taken < count) return hold();
      return await new Promise((resolve) => {
        const settle = (place: () => void) => {
          waiting.delete(go);
          signal.removeEventListener("abort", giveUp);
          resolve(place);
        };
        const go = () => settle(hold());
        const giveUp = () => settle(() => {});
        waiting.add(go);
        signal.addEventListener("abort", giveUp);
      });
    },
  };
}
