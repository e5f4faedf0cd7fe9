// A load generator for any server that keeps SageMaker's contract:
//   node bench/inference/load.ts http://host:8080/invocations [picture...] [--side 640] [--clients 4] [--seconds 5]
//     [--content-type image/jpeg]
// Without pictures it sends the request set's own of that side. Each client sends its next request when the last is
// answered; only answers with status 200 count.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { quantile } from "../support/table.ts";
import { open } from "./client.ts";
import { photo } from "./pictures.ts";

export interface Load {
  /** Between the first answer and the last: before and after, not all clients wait for one. */
  perSecond: number;
  /** Milliseconds of each request that was answered well. */
  times: number[];
  failed: number;
}

export async function load(
  url: string,
  bodies: Buffer[],
  clients: number,
  seconds: number,
  contentType = "image/jpeg",
): Promise<Load> {
  const times: number[] = [];
  const answered: number[] = [];
  let failed = 0;
  let sent = 0;
  const all = await Promise.all(Array.from({ length: clients }, () => open(url, contentType)));
  const started = performance.now();
  const end = started + seconds * 1000;
  await Promise.all(
    all.map(async (client) => {
      while (performance.now() < end) {
        const asked = performance.now();
        const status = await client.post(bodies[sent++ % bodies.length]!);
        const now = performance.now();
        if (status !== 200) failed++;
        else {
          times.push(now - asked);
          if (now < end) answered.push(now);
        }
      }
      client.close();
    }),
  );
  const between = answered.length - 1;
  // Too short a time for two answers, as in a small run: the requests that were sent, until the last was answered.
  const perSecond =
    between > 0
      ? between / ((answered.at(-1)! - answered[0]!) / 1000)
      : times.length / ((performance.now() - started) / 1000);
  return { perSecond, times, failed };
}

export const latencies = (times: number[]) => ({
  "p50 ms": quantile(times, 0.5),
  "p95 ms": quantile(times, 0.95),
  "p99 ms": quantile(times, 0.99),
});

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      side: { type: "string", default: "640" },
      clients: { type: "string", default: "4" },
      seconds: { type: "string", default: "5" },
      "content-type": { type: "string", default: "image/jpeg" },
    },
  });
  const [url, ...files] = positionals;
  if (!url) {
    console.error(
      "Usage: node bench/inference/load.ts <url of /invocations> [picture...] [--side 640] [--clients 4] [--seconds 5] [--content-type image/jpeg]",
    );
    process.exit(2);
  }
  const bodies =
    files.length > 0
      ? await Promise.all(files.map((file) => readFile(file)))
      : [await photo(Number(values.side))];
  const { perSecond, times, failed } = await load(
    url,
    bodies,
    Number(values.clients),
    Number(values.seconds),
    values["content-type"],
  );
  console.log(JSON.stringify({ clients: Number(values.clients), perSecond, ...latencies(times), failed }));
}
