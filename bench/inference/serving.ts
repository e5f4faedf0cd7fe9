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
const ROUNDS = 7;
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
          await concurrencies(`${kind} at ${side}, ${lanes} lane(s)`, server, bare, side, command);
          if (lanes === CORES) await sizes(`${kind}, ${lanes} lanes`, server, bare, side, command);
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
    decoding.push(await decodeMs(picture));
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
}

async function sizes(title: string, server: Server, bare: Bare, side: number, command: string) {
  const rows = [];
  for (const size of [side, 1280, 2560, 4000]) {
    const picture = await photo(size);
    const rounds = [];
    for (let round = 0; round < 3; round++)
      rounds.push({
        bare: await bare.run(SLICE_SECONDS),
        sharp: await decodeAlone(picture, side),
        served: (await load(server.url, [picture], 4, SLICE_SECONDS)).perSecond,
      });
    rows.push({
      "picture side": size,
      KB: picture.length / 1024,
      "a second": median(rounds.map(({ served }) => served)),
      "of bare": median(rounds.map(({ served, bare }) => served / bare)).toFixed(2),
      "sharp alone, a second": median(rounds.map(({ sharp }) => sharp)),
      "of sharp": median(rounds.map(({ served, sharp }) => served / sharp)).toFixed(2),
      "best possible of sharp": median(rounds.map(({ bare, sharp }) => bare / (bare + sharp))).toFixed(2),
    });
  }
  table(`${title}: larger pictures, 4 clients`, rows, command);
}

/** Pictures a second when nothing else is done. */
async function decodeAlone(picture: Buffer, side: number): Promise<number> {
  const started = performance.now();
  let count = 0;
  const worker = async () => {
    for (; performance.now() - started < SLICE_SECONDS * 1000; count++)
      await sharp(picture).resize(side, side, { fit: "fill", kernel: "linear" }).raw().toBuffer();
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return count / ((performance.now() - started) / 1000);
}

/** Processor time of decoding one picture to raw pixels. */
async function decodeMs(picture: Buffer): Promise<number> {
  const spent = cpuMs(process.pid);
  let count = 0;
  for (const started = performance.now(); performance.now() - started < 500; count++)
    await sharp(picture).raw().toBuffer();
  return (cpuMs(process.pid) - spent) / count;
}

/** User and system time of a process in ms, as Linux counts it in hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
