// The thread that runs the model: ONNX Runtime blocks its caller, and the caller that answers /ping must not wait.
import { parentPort, workerData } from "node:worker_threads";
import ort from "onnxruntime-node";
import type { LaneData, LaneReply, LaneRequest, Tensor } from "./tensor.ts";

const { model, threads } = workerData as LaneData;
const port = parentPort!;
/** Some models answer in another shape than they declare; those cannot be told where to write. */
let keepsShape = true;

try {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    // Errors come back as errors; warnings about the graph are nobody's business at run time.
    logSeverityLevel: 3,
    // Threads that spin while they wait would take the cores that decode the next picture.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
  reply({ inputs: session.inputMetadata.map(described), outputs: session.outputMetadata.map(described) });
  port.on("message", async ({ id, feeds, fetch, into }: LaneRequest) => {
    try {
      const given = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, tensorOf(value)]));
      if (into && keepsShape) {
        const written = await session.run(given, { [fetch]: tensorOf(into) }).catch(() => undefined);
        if (written) return reply({ id });
      }
      const { type, data, dims } = (await session.run(given, [fetch]))[fetch]!;
      if (into) keepsShape = false;
      reply({ id, output: { type: type as Tensor["type"], data: data as Float32Array, dims: [...dims] } });
    } catch (error) {
      reply({ id, error: (error as Error).message });
    }
  });
} catch (error) {
  reply({ failed: (error as Error).message });
}

function tensorOf({ type, data, dims }: Tensor) {
  return new ort.Tensor(type, data as never, dims);
}

function described(value: {
  name: string;
  isTensor: boolean;
  type?: string;
  shape?: readonly (number | string)[];
}) {
  return { name: value.name, type: value.type ?? "sequence", shape: [...(value.shape ?? [])] };
}

function reply(message: LaneReply) {
  port.postMessage(message);
}
