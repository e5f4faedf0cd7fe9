// ONNX Runtime, as this program sets it. It blocks its caller.
import "../telemetry.ts";
import path from "node:path";
import ort from "onnxruntime-node";
import { InferenceError } from "../error.ts";
import { type Tensor, type ValueInfo, lengthOf, shapeFor } from "./feeds.ts";

export interface Output {
  data: Float32Array;
  dims: number[];
}

export interface Model {
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  /** What it answers is only there until the next run. */
  run(tensors: Record<string, Tensor>): Promise<Output>;
}

/** Without a name it answers its first output. */
export async function openModel(file: string, threads: number, name?: string): Promise<Model> {
  const session = await ort.InferenceSession.create(file, optionsFor(threads));
  const inputs = session.inputMetadata.map(described);
  const outputs = session.outputMetadata.map(described);
  const fetch = name ?? outputs[0]!.name;
  const about = outputs.find((output) => output.name === fetch);
  /** Some models answer in another shape than they declare; those cannot be told where to write. */
  let keepsShape = about?.type === "float32";
  let room: Output & { tensor: ort.Tensor } = roomOf([0]);
  /** Whoever comes with the same tensors again has only changed their numbers. */
  let asked: Asked | undefined;

  return {
    inputs,
    outputs,
    async run(tensors) {
      if (!asked || !isSame(asked.tensors, tensors)) {
        asked = { tensors, given: givenOf(tensors), dims: shapeFor(about, inputs, tensors) };
        if (asked.dims && asked.dims.join() !== room.dims.join()) room = roomOf(asked.dims);
      }
      const { given, dims } = asked;
      if (dims && keepsShape) {
        // Into memory that is used again: the system hands out fresh pages more slowly than numbers fill them.
        if (await session.run(given, { [fetch]: room.tensor }).catch(() => undefined)) return room;
      }
      const { type, data, dims: shape } = (await session.run(given, [fetch]))[fetch]!;
      if (dims) keepsShape = false;
      if (!(data instanceof Float32Array)) throw notFloat(type);
      return { data, dims: [...shape] };
    },
  };
}

const WEIGHTS_FILE = "weights.bin";

/**
 * Writes the model as ONNX Runtime runs it on this machine, with its weights in a file of their own. Whoever opens that maps the
 * file instead of keeping a copy: models that run side by side then share their weights, in memory and in the processor's cache.
 */
export async function writeShared(file: string, dir: string): Promise<string> {
  const written = path.join(dir, path.basename(file));
  const { extra, ...options } = optionsFor(1);
  const session = await ort.InferenceSession.create(file, {
    ...options,
    optimizedModelFilePath: written,
    extra: {
      session: {
        ...extra.session,
        optimized_model_external_initializers_file_name: WEIGHTS_FILE,
        save_external_prepacked_constant_initializers: "1",
      },
    },
  });
  await session.release();
  return written;
}

const optionsFor = (threads: number) =>
  ({
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    // Errors come back as errors; warnings about the graph are nobody's business at run time.
    logSeverityLevel: 3,
    // Threads that spin while they wait would take the cores that decode the next picture.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  }) satisfies ort.InferenceSession.SessionOptions;

interface Asked {
  tensors: Record<string, Tensor>;
  given: Record<string, ort.Tensor>;
  /** The shape of the output, where it can be known. */
  dims: number[] | undefined;
}

function isSame(before: Record<string, Tensor>, now: Record<string, Tensor>): boolean {
  for (const name in now) if (before[name] !== now[name]) return false;
  return true;
}

const givenOf = (tensors: Record<string, Tensor>) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { type, data, dims }]) => [
      name,
      new ort.Tensor(type, data as never, dims),
    ]),
  );

function roomOf(dims: number[]) {
  const data = new Float32Array(lengthOf(dims));
  return { data, dims, tensor: new ort.Tensor("float32", data, dims) };
}

function described(value: {
  name: string;
  isTensor: boolean;
  type?: string;
  shape?: readonly (number | string)[];
}): ValueInfo {
  return { name: value.name, type: value.type ?? "sequence", shape: [...(value.shape ?? [])] };
}

const notFloat = (type: string) =>
  new InferenceError(
    "MODEL_FAILED",
    500,
    `The model's output is ${type}, not float32.`,
    "Export the model with a float32 output.",
  );
