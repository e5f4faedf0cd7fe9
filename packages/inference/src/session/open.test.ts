import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "vitest";
import { graphBuilder } from "../onnx/graph.ts";
import { parseManifest } from "../package.ts";
import { openSession } from "./session.ts";

const SIDE = 8;
const manifest = parseManifest(
  JSON.stringify({
    format: 1,
    model: "tiny",
    version: "1",
    task: "image-classification",
    classes: ["one", "two", "three"],
    input: { kind: "image", width: SIDE, height: SIDE },
    output: { head: "logits" },
  }),
);
const picture = {
  pixels: {
    type: "rgb" as const,
    data: new Uint8Array(SIDE * SIDE * 3),
    grey: false,
    size: { width: SIDE, height: SIDE },
  },
};

let dir: string;
let file: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "sluice-lane-"));
  file = path.join(dir, "model.onnx");
  const graph = graphBuilder("tiny");
  const mean = graph.node("GlobalAveragePool", [graph.input("pixels", ["N", 3, SIDE, SIDE])]);
  await writeFile(file, graph.finish(graph.node("Flatten", [mean], { axis: 1 }), "scores", ["N", 3]));
});
afterAll(() => rm(dir, { recursive: true }));

test("when a model's thread dies, whoever waits for it and whoever comes later is told, and it is not alive", async () => {
  const started = once(process, "worker") as Promise<[Worker]>;
  const session = await openSession(file, manifest, { threads: 1 });
  await session.run(picture);
  expect(session.alive()).toBe(true);
  const ends = Array.from({ length: 5 }, () =>
    session.run(picture).then(
      () => "answered",
      (error: Error) => error.message,
    ),
  );
  const [worker] = await started;
  await worker.terminate();
  for (const end of await Promise.all(ends)) expect(end).toMatch(/answered|thread ended with 1/);
  expect(session.alive()).toBe(false);
  await expect(session.run(picture)).rejects.toThrow("thread ended with 1");
  await session.close();
});

test("a thread that ends before it has a model is no session", async () => {
  const started = once(process, "worker") as Promise<[Worker]>;
  const opening = openSession(file, manifest, { threads: 1 });
  const killed = started.then(([worker]) => worker.terminate());
  await expect(opening).rejects.toThrow("thread ended with");
  await killed;
});
