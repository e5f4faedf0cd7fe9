// The thread that runs the model: ONNX Runtime blocks its caller, and the thread that serves HTTP must not wait. Work on many
// numbers is done here too, while they are in this core's cache: preprocessing and postprocessing.
import { parentPort, workerData } from "node:worker_threads";
import { compactVector } from "../descriptors/embedding.ts";
import type { ImageMeasures } from "../descriptors/image.ts";
import type { RequestMeasures } from "../descriptors/request.ts";
import type { Size } from "../image/geometry.ts";
import { createPreprocessor } from "../image/preprocess.ts";
import { postprocess } from "../output/prediction.ts";
import { EMBEDDING_OUTPUT, type Manifest } from "../package.ts";
import type { OutputTensor, ValueInfo } from "../tensor.ts";
import { type Batch, createBatcher } from "./batch.ts";
import { type Feeds, batchLimit } from "./feeds.ts";
import { type Model, openModel, writeSharedModel } from "./model.ts";
import type { WorkerResponse } from "./response-buffer.ts";
import { type Signals, markIdle, waitForRequest } from "./signals.ts";
import { type SlotMemory, openSlot } from "./slot.ts";
import { serializeError } from "./worker-error.ts";

export interface WorkerData {
  file: string;
  /** A folder to write the model into for other workers; this one opens it from there too. */
  shareIn?: string;
  threads: number;
  manifest: Manifest;
  slots: SlotMemory[];
  signals: Signals;
}

/** The first message. Each later one, null, means that the next slot holds a response. */
export type WorkerReport =
  | { kind: "ready"; file: string; inputs: ValueInfo[]; outputs: ValueInfo[] }
  | { kind: "failed"; reason: string };

const data = workerData as WorkerData;
const { manifest, signals } = data;
const port = parentPort!;
const report = (message: WorkerReport): void => {
  port.postMessage(message);
};

const opened = await open(data).catch((error: Error) => {
  report({ kind: "failed", reason: error.message });
  return undefined;
});
if (opened) await serve(opened.file, opened.model);
markIdle(signals);

async function open({ file, shareIn }: WorkerData) {
  const openFile = async (name: string) => ({
    file: name,
    model: await openModel(name, data.threads, {
      output: manifest.output.name,
      embedding: manifest.output.embedding ?? EMBEDDING_OUTPUT,
    }),
  });
  if (shareIn === undefined) return openFile(file);
  // Without a shared model each worker has its own copy: the folder or the written file may be unusable.
  return writeSharedModel(file, shareIn)
    .then(openFile)
    .catch(() => openFile(file));
}

async function serve(file: string, model: Model) {
  const { inputs, outputs } = model;
  const images = batchLimit(inputs, manifest.maxBatch);
  const { input } = manifest;
  const batch = createBatcher(input.kind === "image" ? createPreprocessor(input, images) : undefined);
  const names = inputs.map(({ name }) => name);
  const slots = data.slots.map((memory) => openSlot(memory, names));
  report({ kind: "ready", file, inputs, outputs });
  for (let turn = 0; waitForRequest(signals); turn = (turn + 1) % slots.length) {
    const { request, response } = slots[turn]!;
    try {
      response.write(await respond(request.read(), batch, model));
    } catch (error) {
      // Also where the response does not fit into its buffer.
      response.write({ kind: "error", error: serializeError(error as Error) });
    }
    port.postMessage(null);
  }
}

async function respond(
  requests: Feeds[],
  batch: (requests: Feeds[]) => Batch,
  model: Model,
): Promise<WorkerResponse> {
  const { tensors, times, measures } = batch(requests);
  const started = performance.now();
  const { output, embedding } = await model.run(tensors);
  const ended = performance.now();
  const outputs = requests.map((feeds, index) => ({
    prediction: postprocess(sliceBatch(output, index, requests.length), manifest, imageSize(feeds)),
    measures: toMeasures(measures[index], embedding && sliceBatch(embedding, index, requests.length)),
  }));
  const postprocessMs = performance.now() - ended;
  return { kind: "result", outputs, times: { ...times, inferenceMs: ended - started, postprocessMs } };
}

function toMeasures(image: ImageMeasures | undefined, output: OutputTensor | undefined): RequestMeasures {
  const ofModel = output && compactVector(output.data);
  if (!image) return { embedding: ofModel ?? [] };
  const { grid, ...measures } = image;
  return { image: measures, embedding: ofModel ?? grid };
}

/** The output for one request of a batch. */
function sliceBatch({ data: values, dims }: OutputTensor, index: number, count: number): OutputTensor {
  if (count === 1) return { data: values, dims };
  if (dims[0] !== count)
    throw new Error(`the model's output has shape [${dims.join(", ")}] for ${count} requests`);
  const length = values.length / count;
  return { data: values.subarray(index * length, (index + 1) * length), dims: [1, ...dims.slice(1)] };
}

function imageSize(feeds: Feeds): Size | undefined {
  for (const name in feeds) {
    const feed = feeds[name]!;
    if ("size" in feed) return feed.size;
  }
  return undefined;
}
