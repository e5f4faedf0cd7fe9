// Group commit: writes that arrive together share one transaction, committed before any of them is acknowledged.
import { AwsError } from "../../kernel/error.ts";
import type { Store } from "../../kernel/store.ts";

/** Runs `work` with others in one transaction. `work` must throw its AwsErrors before its first write. */
export type CommitGroup = <T>(work: () => T) => Promise<T>;

interface Waiting {
  run(): () => void;
  reject(error: unknown): void;
}

export function groupCommits(store: Store): CommitGroup {
  let waiting: Waiting[] = [];

  function commit() {
    const group = waiting;
    waiting = [];
    let callbacks: (() => void)[];
    try {
      callbacks = store.tx(() => group.map(({ run }) => run()));
    } catch (error) {
      for (const { reject } of group) reject(error);
      return;
    }
    for (const callback of callbacks) callback();
  }

  return <T>(work: () => T) =>
    new Promise<T>((resolve, reject) => {
      const run = () => {
        try {
          const result = work();
          return () => resolve(result);
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          return () => reject(error);
        }
      };
      if (waiting.push({ run, reject }) === 1) setImmediate(commit);
    });
}
