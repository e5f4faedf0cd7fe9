// ONNX Runtime with this program's settings. It blocks its caller.
import "./telemetry.ts";
import path from "node:path";
import ort from "onnxruntime-node";
import { InferenceError } from "../error.ts";
import { type OutputTensor, type Tensor, type ValueInfo, elementCount } from "../tensor.ts";
import { outputShape } from "./feeds.ts";

export interface Model {
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  /** The outputs are valid until the next run. */
  run(tensors: Record<string, Tensor>): Promise<ModelOutputs>;
}

export interface ModelOutputs {
  output: OutputTensor;
  /** Where the model has that output. */
  embedding?: OutputTensor;
}

export interface OutputNames {
  /** The model's first output by default. */
  output?: string | undefined;
  embedding?: string | undefined;
}

export async function openModel(file: string, threads: number, names: OutputNames = {}): Promise<Model> {
  const session = await ort.InferenceSession.create(file, sessionOptions(threads));
  const inputs = session.inputMetadata.map(toValueInfo);
  const outputs = session.outputMetadata.map(toValueInfo);
  const outputName = names.output ?? outputs[0]!.name;
  const embeddingName = outputs.find(
    ({ name, type }) => name === names.embedding && type === "float32",
  )?.name;
  const wanted = [outputName, ...(embeddingName === undefined ? [] : [embeddingName])];
  const declared = wanted.map((wantedName) => outputs.find(({ name }) => name === wantedName));
  /** Some models return another shape than they declare: they cannot write into prepared tensors. */
  let hasDeclaredShape = declared.every((output) => output?.type === "float32");
  let targets: Target[] = [];
  /** The same tensors again hold new numbers in the same memory. */
  let prepared: PreparedInput | undefined;

  const pickOutputs = (find: (name: string, at: number) => OutputTensor): ModelOutputs => ({
    output: find(outputName, 0),
    ...(embeddingName !== undefined && { embedding: find(embeddingName, 1) }),
  });

  return {
    inputs,
    outputs,
    async run(tensors) {
      if (!prepared || !isSame(prepared.tensors, tensors)) {
        const dims = knownShapes(declared, inputs, tensors);
        prepared = { tensors, ortTensors: toOrtTensors(tensors), dims };
        if (dims && dims.join(";") !== targets.map((target) => target.dims).join(";"))
          targets = dims.map(createTarget);
      }
      const { ortTensors, dims } = prepared;
      if (dims && hasDeclaredShape) {
        // Reused memory: the system hands out fresh pages more slowly than numbers fill them.
        const fetches = Object.fromEntries(wanted.map((name, at) => [name, targets[at]!.tensor]));
        const written = await session.run(ortTensors, fetches).catch(() => undefined);
        if (written) return pickOutputs((_, at) => targets[at]!);
      }
      const results = await session.run(ortTensors, wanted);
      if (dims) hasDeclaredShape = false;
      return pickOutputs((name) => toOutputTensor(results[name]!));
    },
  };
}

/** Undefined where one of them depends on the data. */
function knownShapes(
  outputs: (ValueInfo | undefined)[],
  inputs: ValueInfo[],
  tensors: Record<string, Tensor>,
): number[][] | undefined {
  const shapes = outputs.map((output) => outputShape(output, inputs, tensors));
  return shapes.every((shape) => shape !== undefined) ? shapes : undefined;
}

function toOutputTensor({ data, dims, type }: ort.Tensor): OutputTensor {
  if (!(data instanceof Float32Array)) throw notFloat(type);
  return { data, dims: [...dims] };
}

const WEIGHTS_FILE = "weights.bin";

/**
 * Writes the model as optimized for this machine, with its weights in a file of their own. Workers that open it map that file,
 * and share the weights in memory and in the processor's cache.
 */
export async function writeSharedModel(file: string, dir: string): Promise<string> {
  const written = path.join(dir, path.basename(file));
  const { extra, ...options } = sessionOptions(1);
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

const sessionOptions = (threads: number) =>
  ({
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    // Errors only: warnings about the graph have no use at run time.
    logSeverityLevel: 3,
    // Threads that spin while they wait would take the cores that decode the next image.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  }) satisfies ort.InferenceSession.SessionOptions;

interface PreparedInput {
  tensors: Record<string, Tensor>;
  ortTensors: Record<string, ort.Tensor>;
  /** The shapes of the outputs, where they are known before the run. */
  dims: number[][] | undefined;
}

function isSame(before: Record<string, Tensor>, now: Record<string, Tensor>): boolean {
  for (const name in now) if (before[name] !== now[name]) return false;
  return true;
}

const toOrtTensors = (tensors: Record<string, Tensor>) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { type, data, dims }]) => [
      name,
      new ort.Tensor(type, data as never, dims),
    ]),
  );

type Target = OutputTensor & { tensor: ort.Tensor };

function createTarget(dims: number[]): Target {
  const data = new Float32Array(elementCount(dims));
  return { data, dims, tensor: new ort.Tensor("float32", data, dims) };
}

function toValueInfo(value: {
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
