// /invocations beside a bare ONNX Runtime loop on one prepared tensor, at several concurrencies and picture sizes: beside the loop
// anybody would write, and beside the best of three settings. Bare and served take turns in short slices and each slice is
// compared with its neighbours, so that whatever else the machine does troubles all alike.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { quantile, table } from "../support/table.ts";
import { type Bare, bestBare, plainBare } from "./bare.ts";
import { latencies } from "./load.ts";
import { type Loader, startLoader } from "./loader.ts";
import { writeModel } from "./models.ts";
import { photo } from "./pictures.ts";
import { type Server, startServer } from "./server.ts";

const CORES = availableParallelism();
const SLICE_SECONDS = 1.2;
const ROUNDS = 5;
/** V8 compiles for good what has run 3,000 times, and most of a request runs once for each. */
const WARM_REQUESTS = 4_000;
const median = (numbers: number[]) => quantile(numbers, 0.5);

export async function run(command: string) {
  const loader = startLoader();
  for (const kind of ["classifier", "detector"] as const) {
    const side = kind === "detector" ? 640 : 224;
    const dir = await writeModel(mkdtempSync(path.join(tmpdir(), "sluice-bench-")), kind);
    const model = path.join(dir, "model/model.onnx");
    const bares = { best: await bestBare(model, side), plain: await plainBare(model, side) };
    try {
      for (const lanes of [1, CORES]) {
        const server = await startServer(dir, { SLUICE_LANES: String(lanes) });
        try {
          for (let warm = 0; warm < WARM_REQUESTS;)
            warm += (await loader.load({ url: server.url, side, clients: 4, seconds: 2 })).times.length;
          const title = `${kind} at ${side}, ${lanes} lane(s)`;
          const inference = await concurrencies(title, server, bares, loader, side, command);
          if (lanes === CORES) await sizes(title, server, inference, loader, side, command);
        } finally {
          await server.stop();
        }
      }
    } finally {
      await bares.best.close();
      await bares.plain.close();
      rmSync(dir, { recursive: true, force: true });
    }
  }
  loader.stop();
}

interface Bares {
  best: Bare;
  plain: Bare;
}

/** Answers what one inference of the best bare loop takes of the processor, in ms. */
async function concurrencies(
  title: string,
  server: Server,
  bares: Bares,
  loader: Loader,
  side: number,
  command: string,
) {
  const picture = await photo(side);
  const clients = [1, 2, 4, 8];
  const at = clients.map((count) => ({ count, slices: [] as Slice[], times: [] as number[] }));
  const decoding: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    decoding.push(await decodeMs(picture, side));
    for (const { count, slices, times } of at) {
      const plain = await bareSlice(bares.plain);
      const spent = cpuMs(server.child.pid!);
      const order = { url: server.url, side, clients: count, seconds: SLICE_SECONDS };
      const answered = await loader.load(order);
      const served = {
        perSecond: answered.perSecond,
        ms: (cpuMs(server.child.pid!) - spent) / answered.times.length,
      };
      const generator = answered.ms / answered.times.length;
      slices.push({ plain, best: await bareSlice(bares.best), served, generator });
      times.push(...answered.times);
    }
  }
  const of = (slices: Slice[], figure: (slice: Slice) => number) => median(slices.map(figure));
  const all = at.flatMap(({ slices }) => slices);
  table(
    `${title}: /invocations a second, beside a plain loop (${of(all, ({ plain }) => plain.perSecond).toFixed(1)}) and the best (${bares.best.setting}: ${of(all, ({ best }) => best.perSecond).toFixed(1)})`,
    at.map(({ count, slices, times }) => ({
      clients: count,
      "a second": of(slices, ({ served }) => served.perSecond),
      "of plain": of(slices, ({ served, plain }) => served.perSecond / plain.perSecond).toFixed(2),
      "of best": of(slices, ({ served, best }) => served.perSecond / best.perSecond).toFixed(2),
      ...latencies(times),
    })),
    command,
  );
  const inference = of(all, ({ best }) => best.ms);
  table(
    `${title}: processor time of one request, ms (the picture is a JPEG of ${side} x ${side}, ${(picture.length / 1024).toFixed(0)} KB)`,
    at.map(({ count, slices }) => ({
      clients: count,
      "plain loop": of(slices, ({ plain }) => plain.ms),
      "best loop": of(slices, ({ best }) => best.ms),
      "the server": of(slices, ({ served }) => served.ms),
      "of plain": of(slices, ({ served, plain }) => plain.ms / served.ms).toFixed(2),
      "of best": of(slices, ({ served, best }) => best.ms / served.ms).toFixed(2),
      "load generator": of(slices, ({ generator }) => generator),
      "sharp alone": median(decoding),
    })),
    command,
  );
  return inference;
}

interface Pace {
  perSecond: number;
  /** Of the processor, for one. */
  ms: number;
}

interface Slice {
  plain: Pace;
  best: Pace;
  served: Pace;
  generator: number;
}

async function bareSlice(bare: Bare): Promise<Pace> {
  const before = cpuMs(process.pid);
  const perSecond = await bare.run(SLICE_SECONDS);
  return { perSecond, ms: (cpuMs(process.pid) - before) / (perSecond * SLICE_SECONDS) };
}

async function sizes(
  title: string,
  server: Server,
  inference: number,
  loader: Loader,
  side: number,
  command: string,
) {
  const rows = [];
  for (const size of [side, 1280, 2560, 4000]) {
    const picture = await photo(size);
    const rounds = [];
    for (let round = 0; round < 3; round++) {
      const sharp = await decodeMs(picture, side);
      const spent = cpuMs(server.child.pid!);
      const order = { url: server.url, side: size, clients: 4, seconds: SLICE_SECONDS };
      const { times } = await loader.load(order);
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
