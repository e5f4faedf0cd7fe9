// The load generator as a process of its own, as it is beside any other server: threads and memory of whoever measures are
// not its own, and it stays compiled from one slice to the next.
import { fork } from "node:child_process";
import { once } from "node:events";
import { type Load, load } from "./load.ts";
import { photo } from "./pictures.ts";

export interface Order {
  url: string;
  /** Of the request set's picture. */
  side: number;
  clients: number;
  seconds: number;
}

/** With the generator's own processor time in ms. */
export type Loaded = Load & { ms: number };

export function startLoader() {
  const child = fork(import.meta.filename);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the load generator ended with ${code}`);
  });
  // Told to whoever waits for a load; nobody else has to know.
  ended.catch(() => {});
  return {
    async load(order: Order): Promise<Loaded> {
      child.send(order);
      const [loaded] = (await Promise.race([once(child, "message"), ended])) as [Loaded];
      if (loaded.failed > 0) throw new Error(`${loaded.failed} requests failed`);
      return loaded;
    },
    stop: () => child.disconnect(),
  };
}

export type Loader = ReturnType<typeof startLoader>;

if (import.meta.main) {
  const pictures = new Map<number, Buffer>();
  process.on("message", async ({ url, side, clients, seconds }: Order) => {
    if (!pictures.has(side)) pictures.set(side, await photo(side));
    const before = process.cpuUsage();
    const loaded = await load(url, [pictures.get(side)!], clients, seconds);
    const { user, system } = process.cpuUsage(before);
    process.send!({ ...loaded, ms: (user + system) / 1000 } satisfies Loaded);
  });
}
