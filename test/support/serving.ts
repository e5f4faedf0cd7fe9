// The serving program as a child process, with a model whose answers a test can tell right from wrong.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { graphBuilder } from "@sluice/inference/onnx/graph.ts";
import type { ManifestInput } from "@sluice/inference/package.ts";
import { afterAll, beforeAll } from "vitest";

const PROGRAM = path.resolve(import.meta.dirname, "../../containers/serve/src/main.ts");
const SIDE = 32;
const manifest: ManifestInput = {
  format: 1,
  model: "tiny",
  version: "7",
  task: "image-classification",
  classes: ["dark", "light"],
  input: { kind: "image", width: SIDE, height: SIDE },
  output: { head: "softmax" },
};

/** Answers how light a picture is. */
function lightness(): Uint8Array {
  const graph = graphBuilder("lightness");
  const pixels = graph.input("pixels", ["N", 3, SIDE, SIDE]);
  const mean = graph.node("Flatten", [graph.node("GlobalAveragePool", [pixels])], { axis: 1 });
  const weights = graph.weights("w", Float32Array.of(-8, 8, -8, 8, -8, 8), [3, 2]);
  const scores = graph.node("Gemm", [mean, weights, graph.weights("b", Float32Array.of(12, -12), [2])]);
  return graph.finish(graph.node("Softmax", [scores], { axis: 1 }), "p", ["N", 2]);
}

export interface Running {
  child: ChildProcess;
  url: string;
  logs: string[];
  ready: Promise<void>;
  exit: Promise<number | null>;
}

/** Servers of this file's tests; what they started ends with the file. */
export function servers() {
  const running: ChildProcess[] = [];
  const place = { dir: "" };
  beforeAll(async () => {
    place.dir = await mkdtemp(path.join(tmpdir(), "sluice-serve-"));
    await mkdir(path.join(place.dir, "model"));
    await writeFile(path.join(place.dir, "model/model.onnx"), lightness());
    await writeFile(path.join(place.dir, "model/sluice.json"), JSON.stringify(manifest));
  });
  afterAll(async () => {
    for (const child of running) child.kill("SIGKILL");
    await rm(place.dir, { recursive: true, force: true });
  });

  async function start(env: Record<string, string> = {}): Promise<Running> {
    const port = await freePort();
    const child = spawn(process.execPath, [PROGRAM], {
      env: { PATH: process.env["PATH"]!, SM_OPT_ML: place.dir, SAGEMAKER_BIND_TO_PORT: String(port), ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    running.push(child);
    const logs: string[] = [];
    const exit = once(child, "exit").then(([code]) => code as number | null);
    const ready = new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stdout! }).on("line", (line) => {
        logs.push(line);
        const { message } = JSON.parse(line) as { message: string };
        if (message === "ready" || (env["SAGEMAKER_MULTI_MODEL"] && message === "listening")) resolve();
      });
      void exit.then(() => reject(new Error(`ended: ${logs.join("\n")}`)));
    });
    ready.catch(() => {});
    return { child, url: `http://127.0.0.1:${port}`, logs, ready, exit };
  }
  return { place, start };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

export const post = (url: string, body: Uint8Array | string, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    body: body as BodyInit,
    headers: { "content-type": "image/png", ...headers },
  });
