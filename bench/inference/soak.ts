// Load on the detector, good pictures of several sizes mixed with hostile requests: resident memory over time.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import sharp from "sharp";
import { hostileRequests } from "../../test/support/hostile-requests.ts";
import type { Report } from "../run/measurement.ts";
import { requireLinux } from "../support/memory.ts";
import { open } from "./client.ts";
import { writeModel } from "./models.ts";
import { photo } from "./images.ts";
import { type Server, startServer } from "./server.ts";

const CLIENTS = 4;
/** One request in this many is hostile. */
const HOSTILE = 5;
/** A refusal may close the connection, so each client opens another after this many requests. */
const REQUESTS_PER_CONNECTION = 50;
/** The time is reported in this many parts. */
const PARTS = 10;
const SAMPLE_MS = 100;

/** `seconds`: of load. */
export async function run(seconds: number, report: Report) {
  requireLinux();
  const small = await photo(640);
  const good = [small, await photo(1280), await photo(2560), await sharp(small).png().toBuffer()];
  const hostile = await hostileRequests(small, { seed: 7, count: 500 });
  const dir = await writeModel(mkdtempSync(path.join(tmpdir(), "sluice-bench-")), "detector");
  try {
    const server = await startServer(dir);
    try {
      const bodyAt = (at: number) =>
        at % HOSTILE === 0
          ? Buffer.from(hostile[(at / HOSTILE) % hostile.length]!.body)
          : good[at % good.length]!;
      await soak(server, bodyAt, seconds, report);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function soak(server: Server, bodyAt: (at: number) => Buffer, seconds: number, report: Report) {
  const atRest = server.residentMb();
  const counts = { answered: 0, refused: 0, neither: 0 };
  let sent = 0;
  const started = performance.now();
  const end = started + seconds * 1_000;
  const client = async () => {
    while (performance.now() < end) {
      const connection = await open(server.url, "image/jpeg");
      for (let of = 0; of < REQUESTS_PER_CONNECTION && performance.now() < end; of++) {
        const status = await connection.post(bodyAt(sent++)).catch(() => 0);
        if (status === 200) counts.answered++;
        else if (status >= 400 && status < 500) counts.refused++;
        else counts.neither++;
        if (status === 0) break;
      }
      connection.close();
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  const rows = [];
  for (let part = 1; part <= PARTS; part++) {
    const samples = [server.residentMb()];
    for (const until = started + (seconds * 1_000 * part) / PARTS; performance.now() < until;) {
      await setTimeout(SAMPLE_MS);
      samples.push(server.residentMb());
    }
    rows.push({
      "until second": (seconds * part) / PARTS,
      "lowest MB": Math.min(...samples),
      "highest MB": Math.max(...samples),
      ...counts,
    });
  }
  await clients;
  const title = `Resident memory of the serving program, detector at 640, ${atRest.toFixed(0)} MB idle`;
  report({ title, rows });
  if (counts.neither > 0 || counts.answered === 0)
    throw new Error(
      `${counts.answered} requests were answered, ${counts.refused} refused, and ${counts.neither} failed or got no answer.`,
    );
}
