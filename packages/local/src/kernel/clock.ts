// Time is a parameter: the cloud never reads the wall clock itself, so tests run days in milliseconds.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once, `ms` from now. The returned function cancels it. */
  after(ms: number, task: () => void): () => void;
}

/** Resolves after `ms` of the clock's time, or when `signal` fires. */
export function delay(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      cancel();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal?.addEventListener("abort", end);
  });
}

/** A clock can be moved up to here, exclusive: AWS's cron expressions end with the year 2199. */
export const CLOCK_END = Date.UTC(2200, 0, 1);

function systemClock(): Clock {
  return {
    now: () => Date.now(),
    after(ms, task) {
      // Node fires at once for delays beyond 2^31-1 ms (24.8 days): wait in slices.
      const MAX_DELAY_MS = 2 ** 31 - 1;
      let timer: NodeJS.Timeout;
      const wait = (left: number) => {
        timer = setTimeout(
          () => (left > MAX_DELAY_MS ? wait(left - MAX_DELAY_MS) : task()),
          Math.min(left, MAX_DELAY_MS),
        );
      };
      wait(Math.max(0, ms));
      return () => clearTimeout(timer);
    },
  };
}

export interface ShiftableClock extends Clock {
  /** Jumps forward. Tasks that become due run at once, in order. */
  shift(ms: number): void;
}

/** The system's time plus an offset. */
export function shiftableClock(base: Clock = systemClock()): ShiftableClock {
  let offset = 0;
  let next = 0;
  const pending = new Map<number, { at: number; task: () => void; cancel: () => void }>();
  const now = () => base.now() + offset;
  const arm = (id: number, at: number, task: () => void) => {
    const fire = () => {
      pending.delete(id);
      task();
    };
    pending.set(id, { at, task, cancel: base.after(at - now(), fire) });
  };
  return {
    now,
    after(ms, task) {
      const id = next++;
      arm(id, now() + Math.max(0, ms), task);
      return () => {
        pending.get(id)?.cancel();
        pending.delete(id);
      };
    },
    shift(ms) {
      offset += ms;
      for (const [id, timer] of [...pending].toSorted((a, b) => a[1].at - b[1].at || a[0] - b[0])) {
        timer.cancel();
        arm(id, timer.at, timer.task);
      }
    },
  };
}

export interface ManualClock extends Clock {
  /** Moves time forward and runs due tasks in order, each with the promises that it resolves. */
  advance(ms: number): Promise<void>;
}

const yieldToEventLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

export function manualClock(start = Date.UTC(2026, 0, 1)): ManualClock {
  let now = start;
  let next = 0;
  const pending = new Map<number, { at: number; task: () => void }>();
  return {
    now: () => now,
    after(ms, task) {
      const id = next++;
      pending.set(id, { at: now + Math.max(0, ms), task });
      return () => void pending.delete(id);
    },
    async advance(ms) {
      const end = now + ms;
      await yieldToEventLoop();
      for (;;) {
        const due = [...pending]
          .filter(([, timer]) => timer.at <= end)
          .toSorted((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
        if (!due) break;
        pending.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].task();
        await yieldToEventLoop();
      }
      now = end;
    },
  };
}
