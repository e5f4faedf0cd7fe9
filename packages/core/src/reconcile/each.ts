import { SluiceError } from "../error/error.ts";
import { log } from "../log.ts";

export interface Repairs {
  /** One that fails stops none of the others. */
  each<T>(items: Iterable<T> | AsyncIterable<T>, work: (item: T) => Promise<unknown>): Promise<void>;
  /** Throws when anything failed, so that the run counts as failed and somebody looks. */
  end(): void;
}

export function repairs(): Repairs {
  const failures: string[] = [];
  const note = (what: unknown, error: unknown) => {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    failures.push(reason);
    log().error("Could not be repaired", { what, reason });
  };
  return {
    async each(items, work) {
      try {
        for await (const item of items) {
          try {
            await work(item);
          } catch (error) {
            note(item, error);
          }
        }
      } catch (error) {
        // The listing itself broke off; other kinds are still looked at.
        note("listing", error);
      }
    },
    end() {
      if (failures.length === 0) return;
      throw new SluiceError("REPAIR_INCOMPLETE", `${failures.length} could not be repaired: ${failures[0]}`);
    },
  };
}
