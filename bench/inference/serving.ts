// /invocations beside a bare ONNX Runtime loop on the same prepared tensor, at several concurrencies and picture sizes.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import ort from "onnxruntime-node";
import sharp from "sharp";
import { table } from "../support/table.ts";
import { load } from "./load.ts";
import { writeModel } from "./models.ts";
import { startServer } from "./server.ts";

const SECONDS = 4;

export async function run(command: string) {
  for (const kind of ["classifier", "detector"] as const)
    for (const lanes of [1, availableParallelism()]) await compare(kind, lanes, command);
}

async function compare(kind: "classifier" | "detector", lanes: number, command: string) {
  const side = kind === "detector" ? 640 : 224;
  const dir = await writeModel(mkdtempSync(path.join(tmpdir(), "sluice-bench-")), kind);
  const bare = await bareLoop(path.join(dir, "model/model.onnx"), side);
  const server = await startServer(dir, { SLUICE_LANES: String(lanes) });
  try {
    const atRest = server.residentMb();
    const picture = await photo(side);
    await load(server.url, [picture], 2, 2);
    const rows = [];
    for (const clients of [1, 2, 4, 8]) rows.push(await load(server.url, [picture], clients, SECONDS));
    table(
      `${kind} at ${side}, ${lanes} lane(s): /invocations beside a bare ONNX Runtime loop (${bare.toFixed(1)} a second, ${availableParallelism()} threads)`,
      rows.map(({ clients, perSecond, p50, p95, p99, failed }) => ({
        clients,
        "a second": perSecond,
        "of bare": (perSecond / bare).toFixed(2),
        "p50 ms": p50,
        "p95 ms": p95,
        "p99 ms": p99,
        failed,
      })),
      command,
    );
    const sizes = [];
    for (const size of [side, 1280, 2560, 4000]) {
      const large = await photo(size);
      const alone = await decodeAlone(large, side);
      const { perSecond } = await load(server.url, [large], 4, SECONDS);
      sizes.push({
        "picture side": size,
        KB: large.length / 1024,
        "a second": perSecond,
        "of bare": (perSecond / bare).toFixed(2),
        "sharp alone, a second": alone,
        "of sharp": (perSecond / alone).toFixed(2),
      });
    }
    table(`${kind}, ${lanes} lane(s): larger pictures, 4 clients`, sizes, command);
    table(
      `${kind}, ${lanes} lane(s): memory`,
      [{ "at rest MB": atRest, "after load MB": server.residentMb() }],
      command,
    );
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What the model alone can do with every core, as ONNX Runtime comes. */
async function bareLoop(model: string, side: number): Promise<number> {
  const session = await ort.InferenceSession.create(model);
  const tensor = new ort.Tensor("float32", new Float32Array(3 * side * side).fill(0.5), [1, 3, side, side]);
  const feeds = { [session.inputNames[0]!]: tensor };
  for (let warm = 0; warm < 5; warm++) await session.run(feeds);
  const started = performance.now();
  let runs = 0;
  for (; performance.now() - started < SECONDS * 1000; runs++) await session.run(feeds);
  const perSecond = runs / ((performance.now() - started) / 1000);
  await session.release();
  return perSecond;
}

async function decodeAlone(picture: Buffer, side: number): Promise<number> {
  const started = performance.now();
  let count = 0;
  const worker = async () => {
    for (; performance.now() - started < 2000; count++)
      await sharp(picture).resize(side, side, { fit: "fill", kernel: "linear" }).raw().toBuffer();
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return count / ((performance.now() - started) / 1000);
}

/** Soft shapes and grain, so that it packs like a photograph. */
async function photo(side: number): Promise<Buffer> {
  const small = Buffer.from(
    Array.from({ length: 48 * 48 * 3 }, (_, at) => (Math.imul(at, 2_654_435_761) >>> 16) & 255),
  );
  return sharp(small, { raw: { width: 48, height: 48, channels: 3 } })
    .resize(side, side, { kernel: "cubic" })
    .jpeg({ quality: 85 })
    .toBuffer();
}
