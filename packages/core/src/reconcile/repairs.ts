import { SluiceError } from "../error/error.ts";
import { log } from "../log.ts";

export interface Repairs {
  /** A failing item does not stop the others. */
  each<T>(items: Iterable<T> | AsyncIterable<T>, work: (item: T) => Promise<unknown>): Promise<void>;
  /** Throws when anything failed, so that the run counts as failed. */
  end(): void;
}

export function repairs(): Repairs {
  const failures: string[] = [];
  const addFailure = (item: unknown, error: unknown) => {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    failures.push(reason);
    log().error("Could not be repaired", { item, reason });
  };
  return {
    async each(items, work) {
      try {
        for await (const item of items) {
          try {
            await work(item);
          } catch (error) {
            addFailure(item, error);
          }
        }
      } catch (error) {
        // The listing itself failed; other kinds of repairs still run.
        addFailure("listing", error);
      }
    },
    end() {
      if (failures.length === 0) return;
      throw new SluiceError("REPAIR_INCOMPLETE", `${failures.length} could not be repaired: ${failures[0]}`);
    },
  };
}
