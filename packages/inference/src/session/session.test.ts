import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Worker } from "node:worker_threads";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { graphBuilder } from "../onnx/graph.ts";
import { parseManifest } from "../package.ts";
import { openSession } from "./session.ts";

const SIDE = 8;
/** An inference of some 30 ms. */
const WIDE = 640;
const about = (side: number, classes: number) => ({
  format: 1,
  model: "tiny",
  version: "1",
  task: "image-classification",
  classes: Array.from({ length: classes }, (_, at) => `class ${at}`),
  input: { kind: "image", width: side, height: side },
  output: { head: "logits" },
});
const manifest = parseManifest(JSON.stringify(about(SIDE, 3)));
const picture = {
  pixels: {
    type: "rgb" as const,
    data: new Uint8Array(SIDE * SIDE * 3),
    size: { width: SIDE, height: SIDE },
  },
};

let dir: string;
let file: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "sluice-session-"));
  file = path.join(dir, "model.onnx");
  const graph = graphBuilder("tiny");
  const mean = graph.node("GlobalAveragePool", [graph.input("pixels", ["N", 3, SIDE, SIDE])]);
  await writeFile(file, graph.finish(graph.node("Flatten", [mean], { axis: 1 }), "scores", ["N", 3]));
});
afterAll(() => rm(dir, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

test("when a worker dies, pending and later requests fail, and the session is not alive", async () => {
  const started = once(process, "worker") as Promise<[Worker]>;
  const session = await openSession(file, manifest, { threads: 1 });
  await session.run(picture);
  expect(session.alive()).toBe(true);
  const [worker] = await started;
  // Before the requests: a thread terminated inside ONNX Runtime aborts the process.
  const terminated = worker.terminate();
  const ends = Array.from({ length: 2 }, () => session.run(picture));
  for (const end of ends) await expect(end).rejects.toThrow("thread ended with 1");
  await terminated;
  expect(session.alive()).toBe(false);
  await expect(session.run(picture)).rejects.toThrow("thread ended with 1");
  await session.close();
});

test("opening fails when the thread ends before it has a model", async () => {
  const started = once(process, "worker") as Promise<[Worker]>;
  const opening = openSession(file, manifest, { threads: 1 });
  const killed = started.then(([worker]) => worker.terminate());
  await expect(opening).rejects.toThrow("thread ended with");
  await killed;
});

test("workers return the same results, share their weights, and leave no files", async () => {
  const heavy = path.join(dir, "heavy.onnx");
  const graph = graphBuilder("heavy");
  const mean = graph.node("GlobalAveragePool", [graph.input("pixels", ["N", 3, SIDE, SIDE])]);
  const flat = graph.node("Flatten", [mean], { axis: 1 });
  const wide = graph.node("MatMul", [
    flat,
    graph.weights("w", new Float32Array(3 * 4096).fill(0.5), [3, 4096]),
  ]);
  const all = graph.weights("v", new Float32Array(4096 * 3).fill(0.25), [4096, 3]);
  await writeFile(heavy, graph.finish(graph.node("MatMul", [wide, all]), "scores", ["N", 3]));
  const temporary = await mkdtemp(path.join(dir, "temporary-"));
  const runWith = async (folder: string, workers: number) => {
    vi.stubEnv("TMPDIR", folder);
    const session = await openSession(heavy, manifest, { threads: 2, workers });
    const maps = process.platform === "linux" ? await readFile("/proc/self/maps", "utf8") : "";
    const answers = await Promise.all([session.run(picture), session.run(picture)]);
    await session.close();
    return {
      answers: answers.map(({ prediction }) => prediction),
      shared: maps.split("weights.bin (deleted)").length - 1,
    };
  };
  const alone = await runWith(temporary, 1);
  expect(alone.shared).toBe(0);
  const together = await runWith(temporary, 2);
  expect(together.answers).toEqual(alone.answers);
  if (process.platform === "linux") expect(together.shared).toBeGreaterThanOrEqual(2);
  expect(await readdir(temporary)).toEqual([]);
  // Without a writable folder each worker has its own copy.
  expect(await runWith(path.join(dir, "nowhere"), 2)).toEqual(alone);
});

test("a program that exits during an inference ends with its exit code", async () => {
  const slow = path.join(dir, "slow.onnx");
  const graph = graphBuilder("slow");
  const kernels = graph.weights("w", new Float32Array(64 * 3 * 7 * 7), [64, 3, 7, 7]);
  const drawn = graph.node("Conv", [graph.input("pixels", ["N", 3, WIDE, WIDE]), kernels]);
  const mean = graph.node("GlobalAveragePool", [drawn]);
  await writeFile(slow, graph.finish(graph.node("Flatten", [mean], { axis: 1 }), "scores", ["N", 64]));
  const program = `
    import { openSession } from ${JSON.stringify(new URL("./session.ts", import.meta.url).href)};
    import { parseManifest } from ${JSON.stringify(new URL("../package.ts", import.meta.url).href)};
    const manifest = parseManifest(${JSON.stringify(JSON.stringify(about(WIDE, 64)))});
    const session = await openSession(${JSON.stringify(slow)}, manifest, { threads: 1 });
    const pixels = { type: "float32", data: new Float32Array(3 * ${WIDE} ** 2), dims: [1, 3, ${WIDE}, ${WIDE}] };
    const runs = [1, 2].map(() => session.run({ pixels }));
    await runs[0];
    process.exit(7);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "ignore" });
  expect(await once(child, "exit")).toEqual([7, null]);
});
