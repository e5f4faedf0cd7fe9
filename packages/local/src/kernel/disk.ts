// Errors of the state folder's disk. Every writer reports them here; each kind is logged once, not for every request.
import { delay, type Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import { asStorageError, StorageError } from "./storage-error.ts";

/** Wait between two attempts after a storage error. */
export const RETRY_MS = 1_000;

export interface Disk {
  /** Returns the error to throw for `error`, which came from reading or writing `file`. */
  reportError(error: unknown, file: string): unknown;
  /** Call after a successful write. */
  reportWrite(): void;
  /** The last storage error, unless a write succeeded since. */
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

/** A clock that repeats tasks after a storage error: a full disk must not end the process or a loop. */
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

/** Repeats `work` while it fails with a storage error. Rejects with that error once `ended` returns true. */
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
