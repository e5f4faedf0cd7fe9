// All open connections, and the one timer that ends those beyond a limit.
import type { Clock } from "../../../kernel/clock.ts";
import { type Connection, GOING_AWAY } from "./connection.ts";
import { SWEEP_MS } from "./limits.ts";

export interface Connections {
  find(id: string): Connection | undefined;
  add(connection: Connection): void;
  closeAll(): Promise<void>;
}

export function trackConnections(clock: Clock): Connections {
  const open = new Map<string, Connection>();
  let cancelSweep: (() => void) | undefined;

  const sweep = () => {
    cancelSweep = open.size > 0 ? clock.after(SWEEP_MS, sweep) : undefined;
    for (const connection of open.values()) connection.checkLimits(clock.now());
  };

  return {
    find: (id) => open.get(id),
    add(connection) {
      const { id } = connection.peer;
      open.set(id, connection);
      cancelSweep ??= clock.after(SWEEP_MS, sweep);
      void connection.ended.then(() => open.delete(id));
    },
    async closeAll() {
      cancelSweep?.();
      const all = [...open.values()];
      for (const connection of all) connection.close(GOING_AWAY);
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}
