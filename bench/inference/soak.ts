// Minutes of load on the detector, good pictures of many sizes and hostile requests among them: resident memory over time.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { hostileRequests } from "../../test/support/hostile-requests.ts";
import { table } from "../support/table.ts";
import { open } from "./client.ts";
import { writeModel } from "./models.ts";
import { photo } from "./pictures.ts";
import { startServer } from "./server.ts";

const CLIENTS = 4;
/** One request in this many is hostile. */
const HOSTILE = 5;
const SAMPLE_MS = 1000;

export async function run(command: string, minutes = 10) {
  const dir = await writeModel(mkdtempSync(path.join(tmpdir(), "sluice-bench-")), "detector");
  const server = await startServer(dir);
  const small = await photo(640);
  const good = [small, await photo(1280), await photo(2560), await sharp(small).png().toBuffer()];
  const hostile = await hostileRequests(small, { seed: 7, count: 500 });

  const rows = [];
  const counts = { good: 0, refused: 0, other: 0 };
  const atRest = server.residentMb();
  let samples: number[] = [];
  const sampler = setInterval(() => samples.push(server.residentMb()), SAMPLE_MS);
  const started = performance.now();
  const end = started + minutes * 60_000;
  let sent = 0;
  const client = async () => {
    while (performance.now() < end) {
      // A refusal may close the connection, so each client opens another now and then.
      const connection = await open(server.url, "image/jpeg");
      for (let of = 0; of < 50 && performance.now() < end; of++) {
        const at = sent++;
        const body =
          at % HOSTILE === 0 ? hostile[(at / HOSTILE) % hostile.length]!.body : good[at % good.length]!;
        const status = await connection.post(Buffer.from(body)).catch(() => 0);
        if (status === 200) counts.good++;
        else if (status >= 400 && status < 500) counts.refused++;
        else counts.other++;
        if (status === 0) break;
      }
      connection.close();
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  for (let minute = 1; minute <= minutes; minute++) {
    await new Promise((resolve) => setTimeout(resolve, started + minute * 60_000 - performance.now()));
    rows.push({
      minute,
      "lowest MB": Math.min(...samples),
      "highest MB": Math.max(...samples),
      answered: counts.good,
      refused: counts.refused,
      neither: counts.other,
    });
    samples = [];
  }
  await Promise.all(clients);
  clearInterval(sampler);
  table(
    `Resident memory of the serving program, detector at 640, ${atRest.toFixed(0)} MB at rest`,
    rows,
    command,
  );
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
}
