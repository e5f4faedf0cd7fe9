// Rings when the next of many stored times has come.
import type { Clock } from "../../../kernel/clock.ts";

export interface WakeTimer {
  /** Looks again at when to ring: after start, and whenever a stored time has changed. */
  set(): void;
  stop(): void;
}

export function openWakeTimer(clock: Clock, next: () => number | undefined, ring: () => void): WakeTimer {
  let cancel = () => {};
  let stopped = false;
  const set = () => {
    cancel();
    const at = stopped ? undefined : next();
    if (at === undefined) return;
    cancel = clock.after(Math.max(0, at - clock.now()), () => {
      ring();
      set();
    });
  };
  return {
    set,
    stop() {
      stopped = true;
      cancel();
    },
  };
}
