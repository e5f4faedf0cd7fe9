// The state folder's disk as the cloud sees it: who writes there reports what is refused, and the operator hears of it
// once and not for every request.
import { delay, type Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import { asStorageError, StorageError } from "./storage-error.ts";

/** Between two tries of what the disk refused. */
export const RETRY_MS = 1_000;

export interface Disk {
  /** What to throw for `error`, which came from reading or writing `file`. */
  reportError(error: unknown, file: string): unknown;
  /** Something was written. */
  reportWrite(): void;
  /** What was refused last and not followed by a write. */
  lastError(): StorageError | undefined;
}

export function watchDisk(folder: string, log: Log): Disk {
  const reported = new Map<string, StorageError>();
  return {
    reportError(error, file) {
      const known = asStorageError(error, file, folder);
      if (known instanceof StorageError && !reported.has(known.code)) {
        reported.set(known.code, known);
        log("error", known.message, { code: known.code });
      }
      return known;
    },
    reportWrite() {
      if (reported.size > 0) log("info", `${folder} can be written again.`);
      reported.clear();
    },
    lastError: () => [...reported.values()].at(-1),
  };
}

/** A clock whose tasks run again while the disk refuses what they write: none may end the process or its own loop. */
export function retryingClock<C extends Clock>(clock: C): C {
  return {
    ...clock,
    after(ms, task) {
      let cancel = () => {};
      const run = () => {
        try {
          task();
        } catch (error) {
          if (!(error instanceof StorageError)) throw error;
          cancel = clock.after(RETRY_MS, run);
        }
      };
      cancel = clock.after(ms, run);
      return () => cancel();
    },
  };
}

/** Repeats `work` while the disk refuses what it writes; gives up, with the refusal, once `ended` says so. */
export async function retryOnStorageError<T>(
  clock: Clock,
  ended: () => boolean,
  work: () => T,
): Promise<Awaited<T>> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StorageError) || ended()) throw error;
      await delay(clock, RETRY_MS);
    }
  }
}
