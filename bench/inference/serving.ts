// Compares /invocations with ONNX Runtime loops on one prepared tensor, at several concurrencies and image sizes. Server and
// loops take turns in short slices, and neighbouring slices are compared: other load on the machine affects both.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import type { Report } from "../run/measurement.ts";
import { requireLinux } from "../support/memory.ts";
import { quantile } from "../support/table.ts";
import { type Baseline, bestBaseline, plainBaseline } from "./baseline.ts";
import { latencies } from "./load.ts";
import { type Loader, startLoader } from "./loader.ts";
import { writeModel } from "./models.ts";
import { photo } from "./images.ts";
import { type Server, startServer } from "./server.ts";

const CORES = availableParallelism();
/** The longest slice; more load is more slices. */
const SLICE_MS = 1_200;
/** V8 optimises functions after 3,000 calls: 4,000 requests for 6 s of load. */
const WARM_REQUESTS_PER_MS = 2 / 3;
const SIZES_ROUNDS = 3;
/** Decoding alone needs less time than a slice for as steady a figure. */
const DECODE_SHARE = 0.4;
const median = (numbers: number[]) => quantile(numbers, 0.5);

interface Plan {
  rounds: number;
  sliceSeconds: number;
  warmRequests: number;
}

/** `ms`: of load at each number of clients. */
export async function run(ms: number, report: Report) {
  requireLinux();
  const rounds = Math.ceil(ms / SLICE_MS);
  const plan = { rounds, sliceSeconds: ms / rounds / 1_000, warmRequests: ms * WARM_REQUESTS_PER_MS };
  const loader = startLoader();
  try {
    for (const kind of ["classifier", "detector"] as const) await measureKind(kind, plan, loader, report);
  } finally {
    loader.stop();
  }
}

async function measureKind(kind: "classifier" | "detector", plan: Plan, loader: Loader, report: Report) {
  const side = kind === "detector" ? 640 : 224;
  const dir = await writeModel(mkdtempSync(path.join(tmpdir(), "sluice-bench-")), kind);
  const model = path.join(dir, "model/model.onnx");
  const baselines = {
    best: await bestBaseline(model, side, Math.min(1, plan.sliceSeconds)),
    plain: await plainBaseline(model, side),
  };
  try {
    for (const workers of [1, CORES]) {
      const server = await startServer(dir, { SLUICE_WORKERS: String(workers) });
      try {
        for (let warm = 0; warm < plan.warmRequests;) {
          const request = { url: server.url, side, clients: 4, seconds: plan.sliceSeconds };
          warm += (await loader.load(request)).times.length;
        }
        const stage = { title: `${kind} at ${side}, ${workers} worker(s)`, server, baselines, loader, side };
        const inference = await concurrencies(stage, plan, report);
        if (workers === CORES) await sizes(stage, inference, plan, report);
      } finally {
        await server.stop();
      }
    }
  } finally {
    await baselines.best.close();
    await baselines.plain.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Baselines {
  best: Baseline;
  plain: Baseline;
}

interface Stage {
  title: string;
  server: Server;
  baselines: Baselines;
  loader: Loader;
  side: number;
}

/** Returns the processor time of one inference in the best loop, in ms. */
async function concurrencies(
  { title, server, baselines, loader, side }: Stage,
  { rounds, sliceSeconds }: Plan,
  report: Report,
) {
  const picture = await photo(side);
  const clients = [1, 2, 4, 8];
  const at = clients.map((count) => ({ count, slices: [] as Slice[], times: [] as number[] }));
  const decoding: number[] = [];
  for (let round = 0; round < rounds; round++) {
    decoding.push(await decodeMs(picture, side, sliceSeconds));
    for (const { count, slices, times } of at) {
      const plain = await baselineSlice(baselines.plain, sliceSeconds);
      const spent = cpuMs(server.child.pid!);
      const request = { url: server.url, side, clients: count, seconds: sliceSeconds };
      const answered = await loader.load(request);
      const served = {
        perSecond: answered.perSecond,
        ms: (cpuMs(server.child.pid!) - spent) / answered.times.length,
      };
      const generator = answered.ms / answered.times.length;
      slices.push({ plain, best: await baselineSlice(baselines.best, sliceSeconds), served, generator });
      times.push(...answered.times);
    }
  }
  const of = (slices: Slice[], figure: (slice: Slice) => number) => median(slices.map(figure));
  const all = at.flatMap(({ slices }) => slices);
  const [plainSpeed, bestSpeed] = [
    of(all, ({ plain }) => plain.perSecond).toFixed(1),
    of(all, ({ best }) => best.perSecond).toFixed(1),
  ];
  report({
    title: `${title}: /invocations a second, beside a plain loop (${plainSpeed}) and the best (${baselines.best.setting}: ${bestSpeed})`,
    rows: at.map(({ count, slices, times }) => ({
      clients: count,
      "a second": of(slices, ({ served }) => served.perSecond),
      "of plain": of(slices, ({ served, plain }) => served.perSecond / plain.perSecond),
      "of best": of(slices, ({ served, best }) => served.perSecond / best.perSecond),
      ...latencies(times),
    })),
  });
  const inference = of(all, ({ best }) => best.ms);
  report({
    title: `${title}: processor time of one request, ms (the picture is a JPEG of ${side} x ${side}, ${(picture.length / 1024).toFixed(0)} KB)`,
    rows: at.map(({ count, slices }) => ({
      clients: count,
      "plain loop": of(slices, ({ plain }) => plain.ms),
      "best loop": of(slices, ({ best }) => best.ms),
      "the server": of(slices, ({ served }) => served.ms),
      "of plain": of(slices, ({ served, plain }) => plain.ms / served.ms),
      "of best": of(slices, ({ served, best }) => best.ms / served.ms),
      "load generator": of(slices, ({ generator }) => generator),
      "sharp alone": median(decoding),
    })),
  });
  return inference;
}

interface Speed {
  perSecond: number;
  /** Processor time of one inference or request. */
  ms: number;
}

interface Slice {
  plain: Speed;
  best: Speed;
  served: Speed;
  generator: number;
}

async function baselineSlice(baseline: Baseline, seconds: number): Promise<Speed> {
  const before = cpuMs(process.pid);
  const perSecond = await baseline.run(seconds);
  return { perSecond, ms: (cpuMs(process.pid) - before) / (perSecond * seconds) };
}

async function sizes(
  { title, server, loader, side }: Stage,
  inference: number,
  { rounds, sliceSeconds }: Plan,
  report: Report,
) {
  const rows = [];
  for (const size of [side, 1280, 2560, 4000]) {
    const picture = await photo(size);
    const turns: Array<{ sharp: number; served: number }> = [];
    for (let turn = 0; turn < Math.min(rounds, SIZES_ROUNDS); turn++) {
      const sharp = await decodeMs(picture, side, sliceSeconds);
      const spent = cpuMs(server.child.pid!);
      const request = { url: server.url, side: size, clients: 4, seconds: sliceSeconds };
      const { times } = await loader.load(request);
      turns.push({ sharp, served: (cpuMs(server.child.pid!) - spent) / times.length });
    }
    const sharp = median(turns.map((turn) => turn.sharp));
    const served = median(turns.map((turn) => turn.served));
    rows.push({
      "picture side": size,
      KB: picture.length / 1024,
      "sharp alone ms": sharp,
      "the server ms": served,
      "of bare loop": inference / served,
      "of sharp and bare loop together": (sharp + inference) / served,
    });
  }
  report({ title: `${title}: processor time of larger pictures, 4 clients`, rows });
}

/** Processor time of decoding one picture to raw pixels of the model's size. */
async function decodeMs(picture: Buffer, side: number, seconds: number): Promise<number> {
  const spent = cpuMs(process.pid);
  let count = 0;
  for (
    const started = performance.now();
    performance.now() - started < seconds * DECODE_SHARE * 1_000;
    count++
  )
    await sharp(picture).resize(side, side, { fit: "fill", kernel: "linear" }).raw().toBuffer();
  return (cpuMs(process.pid) - spent) / count;
}

/** User and system time of a process in ms; Linux counts hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
