// A load generator for any server with SageMaker's contract:
//   node bench/inference/load.ts http://host:8080/invocations [image...] [--side 640] [--clients 4] [--seconds 5]
//     [--content-type image/jpeg]
// Without images it sends a generated one of that side. Each client sends one request after another; only status 200 counts.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { quantile } from "../support/table.ts";
import { open } from "./client.ts";
import { photo } from "./images.ts";

export interface Load {
  /** From the first response to the last: before and after, not all clients are busy. */
  perSecond: number;
  /** Milliseconds of each successful request. */
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
  const responses: number[] = [];
  let failed = 0;
  let sent = 0;
  const all = await Promise.all(Array.from({ length: clients }, () => open(url, contentType)));
  const started = performance.now();
  const end = started + seconds * 1000;
  await Promise.all(
    all.map(async (client) => {
      while (performance.now() < end) {
        const sentAt = performance.now();
        const status = await client.post(bodies[sent++ % bodies.length]!);
        const now = performance.now();
        if (status !== 200) failed++;
        else {
          times.push(now - sentAt);
          if (now < end) responses.push(now);
        }
      }
      client.close();
    }),
  );
  const between = responses.length - 1;
  // A short run may have fewer than two responses in time: counts all requests until the last response.
  const perSecond =
    between > 0
      ? between / ((responses.at(-1)! - responses[0]!) / 1000)
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
      "Usage: node bench/inference/load.ts <url of /invocations> [image...] [--side 640] [--clients 4] [--seconds 5] [--content-type image/jpeg]",
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
