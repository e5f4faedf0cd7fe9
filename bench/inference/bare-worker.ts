import { parentPort, workerData } from "node:worker_threads";
import ort from "onnxruntime-node";

export interface BareData {
  model: string;
  side: number;
  /** Without it, ONNX Runtime's own defaults. */
  chosen?: { threads: number; spin: boolean };
}

const { model, side, chosen } = workerData as BareData;
const session = await ort.InferenceSession.create(model, {
  logSeverityLevel: 3,
  ...(chosen && {
    intraOpNumThreads: chosen.threads,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: chosen.spin ? "1" : "0" } } },
  }),
});
const tensor = new ort.Tensor("float32", new Float32Array(3 * side * side).fill(0.5), [1, 3, side, side]);
const feeds = { [session.inputNames[0]!]: tensor };
for (let warm = 0; warm < 5; warm++) await session.run(feeds);
parentPort!.on("message", async (seconds: number) => {
  const started = performance.now();
  let runs = 0;
  for (; performance.now() - started < seconds * 1000; runs++) await session.run(feeds);
  parentPort!.postMessage(runs / ((performance.now() - started) / 1000));
});
parentPort!.postMessage("ready");
