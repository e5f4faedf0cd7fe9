import { SluiceError } from "../error/error.ts";
import { log } from "../log.ts";

export type Repairs = ReturnType<typeof repairs>;

export function repairs() {
  const failures: string[] = [];
  const addFailure = (item: unknown, error: unknown) => {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    failures.push(reason);
    log().error("Could not be repaired", { item, reason });
  };
  return {
    /** A failing item does not stop the others. */
    async each<T>(items: Iterable<T> | AsyncIterable<T>, work: (item: T) => Promise<unknown>) {
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
    /** Throws when anything failed, so that the run counts as failed. */
    end() {
      if (failures.length === 0) return;
      throw new SluiceError("REPAIR_INCOMPLETE", `${failures.length} could not be repaired: ${failures[0]}`);
    },
  };
}
