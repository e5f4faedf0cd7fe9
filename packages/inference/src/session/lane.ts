// The thread that runs the model: ONNX Runtime blocks its caller, and the caller that answers /ping must not wait.
import { parentPort, workerData } from "node:worker_threads";
import ort from "onnxruntime-node";
import { drawer } from "../image/draw.ts";
import { stacker } from "./stack.ts";
import { type LaneData, type LaneReply, type LaneRequest, NotDrawn, type Tensor } from "./tensor.ts";

const { model, threads, image } = workerData as LaneData;
const port = parentPort!;
const stack = stacker(image && drawer(image));
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
  port.on("message", async ({ id, group, fetch, into }: LaneRequest) => {
    try {
      const { tensors, drawn } = stack(group);
      const given: Record<string, ort.Tensor> = {};
      for (const name in tensors) given[name] = tensorOf(tensors[name]!);
      if (into && keepsShape) {
        const written = await session.run(given, { [fetch]: tensorOf(into) }).catch(() => undefined);
        if (written) return reply({ id, ...(drawn && { drawn }) });
      }
      const { type, data, dims } = (await session.run(given, [fetch]))[fetch]!;
      if (into) keepsShape = false;
      const output: Tensor = {
        type: type as Tensor["type"],
        data: data as Float32Array,
        dims: [...dims],
      };
      reply({ id, output, ...(drawn && { drawn }) });
    } catch (error) {
      const { message } = error as Error;
      reply(error instanceof NotDrawn ? { id, notDrawn: message } : { id, error: message });
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
