/** Runs at most `limit` tasks at a time, first come, first served: that bounds memory. Aborted tasks are skipped. */
export function createLimiter(limit: number) {
  const waiting: (() => void)[] = [];
  let onIdle: (() => void)[] = [];
  let running = 0;
  return {
    async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
      // A finished task passes its place on to the next one.
      if (running < limit) running++;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        signal?.throwIfAborted();
        return await task();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else if (--running === 0) {
          for (const resolve of onIdle) resolve();
          onIdle = [];
        }
      }
    },
    async whenIdle() {
      if (running > 0) await new Promise<void>((resolve) => onIdle.push(resolve));
    },
  };
}
