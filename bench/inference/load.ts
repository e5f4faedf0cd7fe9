// A load generator for any server that keeps SageMaker's contract:
//   node bench/inference/load.ts http://host:8080/invocations picture.jpg [--clients 4] [--seconds 5]
// Each client sends its next request when the last is answered; only answers with status 200 count.
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { parseArgs } from "node:util";
import { quantile } from "../support/table.ts";

export interface Load {
  clients: number;
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  failed: number;
}

export async function load(url: string, bodies: Buffer[], clients: number, seconds: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  let failed = 0;
  let sent = 0;
  const started = performance.now();
  const end = started + seconds * 1000;
  const client = async () => {
    while (performance.now() < end) {
      const asked = performance.now();
      const status = await post(url, bodies[sent++ % bodies.length]!, agent);
      if (status === 200) times.push(performance.now() - asked);
      else failed++;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const perSecond = times.length / ((performance.now() - started) / 1000);
  agent.destroy();
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(times, share)) as [
    number,
    number,
    number,
  ];
  return { clients, perSecond, p50, p95, p99, failed };
}

function post(url: string, body: Buffer, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: "POST", agent, headers: { "content-type": "image/jpeg", "content-length": body.length } },
      (response) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    outgoing.on("error", reject).end(body);
  });
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { clients: { type: "string" }, seconds: { type: "string" } },
  });
  const [url, ...files] = positionals;
  if (!url || files.length === 0) {
    console.error(
      "Usage: node bench/inference/load.ts <url of /invocations> <picture>... [--clients 4] [--seconds 5]",
    );
    process.exit(2);
  }
  const bodies = await Promise.all(files.map((file) => readFile(file)));
  console.log(
    JSON.stringify(await load(url, bodies, Number(values.clients ?? 4), Number(values.seconds ?? 5))),
  );
}
