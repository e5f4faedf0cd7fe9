/**
 * At most `most` pieces of work at a time, so that memory is bounded by it; the others wait in line as they came. Whoever
 * has given up by its turn is passed over.
 */
export function admission(most: number) {
  const waiting: (() => void)[] = [];
  let onEmpty: (() => void)[] = [];
  let working = 0;
  return {
    async admit<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
      // Who leaves hands its place to the next in line.
      if (working < most) working++;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        signal?.throwIfAborted();
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else if (--working === 0) {
          for (const tell of onEmpty) tell();
          onEmpty = [];
        }
      }
    },
    async empty() {
      if (working > 0) await new Promise<void>((resolve) => onEmpty.push(resolve));
    },
  };
}
