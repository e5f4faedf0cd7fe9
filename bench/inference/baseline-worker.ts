import { parentPort, workerData } from "node:worker_threads";
import ort from "onnxruntime-node";

export interface BaselineData {
  model: string;
  side: number;
  /** ONNX Runtime's defaults when absent. */
  settings?: { threads: number; spin: boolean };
}

const { model, side, settings } = workerData as BaselineData;
const session = await ort.InferenceSession.create(model, {
  logSeverityLevel: 3,
  ...(settings && {
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: settings.spin ? "1" : "0" } } },
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
