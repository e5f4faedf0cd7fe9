import type { Clock } from "../../../kernel/clock.ts";
import { NEW_CONNECTIONS_PER_SECOND } from "./limits.ts";

/** AWS's quota of new connections for an account. */
export function connectionRate(clock: Clock) {
  let second = 0;
  let used = 0;
  return {
    allows() {
      const now = Math.floor(clock.now() / 1000);
      if (now !== second) [second, used] = [now, 0];
      return ++used <= NEW_CONNECTIONS_PER_SECOND;
    },
  };
}
