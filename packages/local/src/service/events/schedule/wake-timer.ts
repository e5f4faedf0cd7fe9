// A timer for the earliest of many stored times.
import type { Clock } from "../../../kernel/clock.ts";

export function openWakeTimer(clock: Clock, next: () => number | undefined, ring: () => void) {
  let cancel = () => {};
  let stopped = false;
  /** Sets the timer to the earliest time. Call it at the start and after a stored time changed. */
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
