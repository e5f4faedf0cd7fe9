// /invocations beside a bare ONNX Runtime loop on the same prepared tensor, at several concurrencies and picture sizes.
// Bare and served take turns in short slices and each slice is compared with its neighbour, so that whatever else the
// machine does troubles both alike.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { quantile, table } from "../support/table.ts";
import { type Bare, bestBare } from "./bare.ts";
import { latencies, load } from "./load.ts";
import { writeModel } from "./models.ts";
import { photo } from "./pictures.ts";
import { type Server, startServer } from "./server.ts";

const CORES = availableParallelism();
const SLICE_SECONDS = 1.2;
const ROUNDS = 5;
const median = (numbers: number[]) => quantile(numbers, 0.5);

export async function run(command: string) {
  for (const kind of ["classifier", "detector"] as const) {
    const side = kind === "detector" ? 640 : 224;
    const dir = await writeModel(mkdtempSync(path.join(tmpdir(), "sluice-bench-")), kind);
    const bare = await bestBare(path.join(dir, "model/model.onnx"), side);
    try {
      for (const lanes of [1, CORES]) {
        const server = await startServer(dir, { SLUICE_LANES: String(lanes) });
        try {
          await load(server.url, [await photo(side)], 4, 2);
          const title = `${kind} at ${side}, ${lanes} lane(s)`;
          const inference = await concurrencies(title, server, bare, side, command);
          if (lanes === CORES) await sizes(title, server, inference, side, command);
        } finally {
          await server.stop();
        }
      }
    } finally {
      await bare.close();
      rmSync(dir, { recursive: true, force: true });
    }
  }
}

/** Answers what one bare inference takes of the processor, in ms. */
async function concurrencies(title: string, server: Server, bare: Bare, side: number, command: string) {
  const picture = await photo(side);
  const clients = [1, 2, 4, 8];
  const served = clients.map(() => ({
    ratios: [] as number[],
    speeds: [] as number[],
    times: [] as number[],
  }));
  const alone: number[] = [];
  const decoding: number[] = [];
  let [requests, serverMs, ownMs, runs, bareMs] = [0, 0, 0, 0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    decoding.push(await decodeMs(picture, side));
    for (const [at, count] of clients.entries()) {
      const before = cpuMs(process.pid);
      const speed = await bare.run(SLICE_SECONDS);
      bareMs += cpuMs(process.pid) - before;
      runs += speed * SLICE_SECONDS;
      const [spent, own] = [cpuMs(server.child.pid!), cpuMs(process.pid)];
      const { perSecond, times, failed } = await load(server.url, [picture], count, SLICE_SECONDS);
      if (failed > 0) throw new Error(`${failed} requests failed`);
      serverMs += cpuMs(server.child.pid!) - spent;
      ownMs += cpuMs(process.pid) - own;
      requests += times.length;
      alone.push(speed);
      served[at]!.ratios.push(perSecond / speed);
      served[at]!.speeds.push(perSecond);
      served[at]!.times.push(...times);
    }
  }
  table(
    `${title}: /invocations beside bare ONNX Runtime (${bare.setting}: ${median(alone).toFixed(1)} a second)`,
    clients.map((count, at) => ({
      clients: count,
      "a second": median(served[at]!.speeds),
      "of bare": median(served[at]!.ratios).toFixed(2),
      ...latencies(served[at]!.times),
    })),
    command,
  );
  const inference = bareMs / runs;
  const decode = median(decoding);
  table(
    `${title}: processor time of one request, ms (the picture is a JPEG of ${side} x ${side}, ${(picture.length / 1024).toFixed(0)} KB)`,
    [
      {
        "inference, bare": inference,
        "decoding, sharp alone": decode,
        "the server, all in all": serverMs / requests,
        "of bare, by processor time": (inference / (serverMs / requests)).toFixed(2),
        "of bare, with decoding and nothing else": (inference / (inference + decode)).toFixed(2),
        "load generator": ownMs / requests,
      },
    ],
    command,
  );
  return inference;
}

async function sizes(title: string, server: Server, inference: number, side: number, command: string) {
  const rows = [];
  for (const size of [side, 1280, 2560, 4000]) {
    const picture = await photo(size);
    const rounds = [];
    for (let round = 0; round < 3; round++) {
      const sharp = await decodeMs(picture, side);
      const spent = cpuMs(server.child.pid!);
      const { times } = await load(server.url, [picture], 4, SLICE_SECONDS);
      rounds.push({ sharp, served: (cpuMs(server.child.pid!) - spent) / times.length });
    }
    const sharp = median(rounds.map((round) => round.sharp));
    const served = median(rounds.map((round) => round.served));
    rows.push({
      "picture side": size,
      KB: picture.length / 1024,
      "sharp alone ms": sharp,
      "the server ms": served,
      "of bare": (inference / served).toFixed(2),
      "of sharp and bare together": ((sharp + inference) / served).toFixed(2),
    });
  }
  table(`${title}: processor time of larger pictures, 4 clients`, rows, command);
}

/** Processor time of decoding one picture to raw pixels of the model's size. */
async function decodeMs(picture: Buffer, side: number): Promise<number> {
  const spent = cpuMs(process.pid);
  let count = 0;
  for (const started = performance.now(); performance.now() - started < 500; count++)
    await sharp(picture).resize(side, side, { fit: "fill", kernel: "linear" }).raw().toBuffer();
  return (cpuMs(process.pid) - spent) / count;
}

/** User and system time of a process in ms, as Linux counts it in hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
