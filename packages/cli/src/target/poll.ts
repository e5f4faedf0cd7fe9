import { setTimeout as wait } from "node:timers/promises";
import { onInterrupt } from "../terminal/interrupt.ts";

/** Calls `read` until it returns a value. `message` is printed on Ctrl-C. */
export async function poll<T>(
  read: () => Promise<T | undefined>,
  everyMs: number,
  message?: () => string,
): Promise<T> {
  const release = onInterrupt(message);
  try {
    for (;;) {
      const found = await read();
      if (found !== undefined) return found;
      await wait(everyMs);
    }
  } finally {
    release();
  }
}
