// The thread that runs the model: ONNX Runtime blocks its caller, and the caller that answers /ping must not wait. Whatever reads
// many numbers happens here too, while they lie in this core's cache: drawing a picture, and reading what the model says of it.
import { parentPort, workerData } from "node:worker_threads";
import { InferenceError } from "../error.ts";
import { drawer } from "../image/draw.ts";
import { readOutput } from "../output/said.ts";
import type { Manifest } from "../package.ts";
import type { Size } from "../image/geometry.ts";
import { type Feeds, NotDrawn, type ValueInfo, batchOf } from "./feeds.ts";
import { type Model, type Output, openModel, writeShared } from "./model.ts";
import { type Answer, type Failure, type Memory, placeIn } from "./place.ts";
import { type Signals, awaited, rest } from "./signals.ts";
import { type Stack, stacker } from "./stack.ts";

export interface LaneData {
  file: string;
  /** Where to write the model for others to share, before it is opened from there. */
  shareIn?: string;
  threads: number;
  manifest: Manifest;
  /** Taken in turns. */
  memories: Memory[];
  signals: Signals;
}

/** What is said before the first request. Afterwards a message only says that the next answer lies in its place. */
export type LaneReport = { file: string; inputs: ValueInfo[]; outputs: ValueInfo[] } | { failed: string };

const { shareIn, threads, manifest, memories, signals, ...given } = workerData as LaneData;
const port = parentPort!;

const open = async (file: string) => ({ file, model: await openModel(file, threads, manifest.output.name) });

// Nothing where it cannot be written, or where ONNX Runtime cannot read what it wrote: then each has a copy of its own.
const shared =
  shareIn === undefined
    ? undefined
    : await writeShared(given.file, shareIn)
        .then(open)
        .catch(() => undefined);
const opened =
  shared ??
  (await open(given.file).catch((error: Error) => {
    port.postMessage({ failed: error.message } satisfies LaneReport);
  }));
if (opened) {
  const { file, model } = opened;
  const { inputs, outputs } = model;
  const { input, maxBatch } = manifest;
  const pictures = batchOf(inputs, maxBatch);
  const stack = stacker(input.kind === "image" ? drawer(input, pictures) : undefined);
  const names = inputs.map(({ name }) => name);
  const places = memories.map((memory) => placeIn(memory, names));
  port.postMessage({ file, inputs, outputs } satisfies LaneReport);

  for (let turn = 0; awaited(signals); turn = (turn + 1) % places.length) {
    const place = places[turn]!;
    try {
      place.writeAnswer(await answer(place.readRequests(), stack, model));
    } catch (error) {
      // An answer that finds no room is a failure like others.
      place.writeFailure(failure(error as Error));
    }
    port.postMessage(null);
  }
}
rest(signals);

async function answer(group: Feeds[], stack: Stack, { run }: Model): Promise<Answer> {
  const { tensors, decodeMs, preprocessMs } = stack(group);
  const asked = performance.now();
  const output = await run(tensors);
  const answered = performance.now();
  const read = group.map((feeds, at) => readOutput(part(output, at, group.length), manifest, sizeOf(feeds)));
  const postprocessMs = performance.now() - answered;
  return { read, times: { decodeMs, preprocessMs, inferenceMs: answered - asked, postprocessMs } };
}

/** One member's of a group's. A model that does not answer each by itself is asked one by one. */
function part({ data, dims }: Output, at: number, of: number): Output {
  if (of === 1) return { data, dims };
  if (dims[0] !== of) throw new Error(`the model's output has shape [${dims.join(", ")}] for ${of} requests`);
  const length = data.length / of;
  return { data: data.subarray(at * length, (at + 1) * length), dims: [1, ...dims.slice(1)] };
}

function sizeOf(feeds: Feeds): Size | undefined {
  for (const name in feeds) {
    const feed = feeds[name]!;
    if ("size" in feed) return feed.size;
  }
  return undefined;
}

function failure(error: Error): Failure {
  const { message } = error;
  if (error instanceof NotDrawn) return { notDrawn: message };
  if (!(error instanceof InferenceError)) return { error: message };
  const { code, status, hint } = error;
  return { refused: { code, status, message, hint } };
}
