// Runs the load generator in its own process: its processor time is separate, and its code stays compiled between slices.
import { fork } from "node:child_process";
import { once } from "node:events";
import { type Load, load } from "./load.ts";
import { photo } from "./images.ts";

export interface LoadRequest {
  url: string;
  /** Of the generated image. */
  side: number;
  clients: number;
  seconds: number;
}

/** `ms`: the generator's processor time. */
export type LoadResult = Load & { ms: number };

export function startLoader() {
  const child = fork(import.meta.filename);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the load generator ended with ${code}`);
  });
  // `load` rejects with it; without a load it is unhandled.
  ended.catch(() => {});
  return {
    async load(request: LoadRequest): Promise<LoadResult> {
      child.send(request);
      const [result] = (await Promise.race([once(child, "message"), ended])) as [LoadResult];
      if (result.failed > 0) throw new Error(`${result.failed} requests failed`);
      return result;
    },
    stop: () => child.disconnect(),
  };
}

export type Loader = ReturnType<typeof startLoader>;

if (import.meta.main) {
  const images = new Map<number, Buffer>();
  process.on("message", async ({ url, side, clients, seconds }: LoadRequest) => {
    if (!images.has(side)) images.set(side, await photo(side));
    const before = process.cpuUsage();
    const result = await load(url, [images.get(side)!], clients, seconds);
    const { user, system } = process.cpuUsage(before);
    process.send!({ ...result, ms: (user + system) / 1000 } satisfies LoadResult);
  });
}
