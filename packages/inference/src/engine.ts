// A package folder to a function from bytes to an answer. Loaded once, asked many times.
import path from "node:path";
import { InferenceError, asInferenceError } from "./error.ts";
import { DECODE_LIMITS, type DecodeLimits, decode } from "./image/decode.ts";
import { tablesOf, tensorLength, writeTensor } from "./image/tensor.ts";
import type { Geometry, Size } from "./image/geometry.ts";
import { type Scored, classify } from "./output/classes.ts";
import { type Detection, detect } from "./output/detections.ts";
import { MODEL_FILE, type Manifest, readManifest } from "./package.ts";
import { batcher } from "./session/batch.ts";
import { type SessionOptions, openSession } from "./session/session.ts";
import type { Tensor, ValueInfo } from "./session/tensor.ts";
import { textOf, textReader } from "./text/feeds.ts";

export interface Timing {
  decodeMs: number;
  preprocessMs: number;
  inferenceMs: number;
  postprocessMs: number;
  totalMs: number;
}

interface Common {
  model: string;
  version: string;
  timing: Timing;
}

export type Answer =
  | (Common & { task: "image-classification" | "text-classification"; predictions: Scored[]; image?: Size })
  | (Common & { task: "object-detection"; detections: Detection[]; image: Size });

export interface Engine {
  manifest: Manifest;
  predict(body: Uint8Array | string): Promise<Answer>;
  /** One inference on an empty picture or a word: the first is slower than all that follow. */
  warm(): Promise<void>;
  /** False once the model's thread has died; only a new process helps then. */
  alive(): boolean;
  close(): Promise<void>;
}

export interface LoadOptions extends SessionOptions {
  limits?: DecodeLimits;
}

interface Prepared {
  feeds: Record<string, Tensor>;
  geometry?: Geometry;
  decodeMs: number;
  preprocessMs: number;
}

export async function load(dir: string, options: LoadOptions = {}): Promise<Engine> {
  const manifest = await readManifest(dir);
  const session = await openSession(path.join(dir, MODEL_FILE), options);
  try {
    const output = manifest.output.name ?? session.outputs[0]!.name;
    if (!session.outputs.some(({ name }) => name === output))
      throw new InferenceError(
        "PACKAGE_INVALID",
        422,
        `sluice.json names the output '${output}', which the model does not have.`,
        `The model's outputs are: ${session.outputs.map(({ name }) => name).join(", ")}.`,
      );
    const prepare = await preparer(dir, manifest, session.inputs, options.limits ?? DECODE_LIMITS);
    const once = (feeds: Record<string, Tensor>) => session.run(feeds, output);
    const dynamic = session.inputs.every(({ shape }) => typeof shape[0] === "string");
    // With several lanes requests run side by side instead.
    const batches = dynamic && manifest.maxBatch > 1 && (options.lanes ?? 1) === 1;
    const run = batches ? batcher(once, manifest.maxBatch) : once;
    return {
      manifest,
      predict: (body) => answer(manifest, prepare, run, body),
      async warm() {
        await run(emptyFeeds(manifest, session.inputs));
      },
      alive: session.alive,
      close: session.close,
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

type Prepare = (body: Uint8Array | string) => Promise<Prepared>;

async function preparer(
  dir: string,
  manifest: Manifest,
  inputs: ValueInfo[],
  limits: DecodeLimits,
): Promise<Prepare> {
  const { input } = manifest;
  if (input.kind === "text") {
    const read = await textReader(dir, input, inputs);
    return async (body) => {
      const started = performance.now();
      const text = textOf(bytesOf(body));
      const decoded = performance.now();
      const feeds = read(text);
      return { feeds, decodeMs: decoded - started, preprocessMs: performance.now() - decoded };
    };
  }
  const tables = tablesOf(input);
  const name = inputs[0]!.name;
  const { width, height } = input;
  const dims = input.layout === "NCHW" ? [1, 3, height, width] : [1, height, width, 3];
  return async (body) => {
    const started = performance.now();
    const picture = await decode(bytesOf(body), input, limits);
    const decoded = performance.now();
    const data = new Float32Array(tensorLength(input));
    writeTensor(data, picture, input, tables);
    return {
      feeds: { [name]: { type: "float32", data, dims } },
      geometry: picture.geometry,
      decodeMs: decoded - started,
      preprocessMs: performance.now() - decoded,
    };
  };
}

async function answer(
  manifest: Manifest,
  prepare: Prepare,
  run: (feeds: Record<string, Tensor>) => Promise<Tensor>,
  body: Uint8Array | string,
): Promise<Answer> {
  const started = performance.now();
  if (body.length === 0)
    throw new InferenceError(
      "BODY_EMPTY",
      400,
      "The request has no body.",
      "Send the picture's bytes or the text.",
    );
  const { feeds, geometry, decodeMs, preprocessMs } = await prepare(body);
  const asked = performance.now();
  const output = await run(feeds).catch((error: unknown) => {
    throw asInferenceError(error);
  });
  const answered = performance.now();
  if (!(output.data instanceof Float32Array))
    throw new InferenceError(
      "MODEL_FAILED",
      500,
      `The model's output is ${output.type}, not float32.`,
      "Export the model with a float32 output.",
    );
  const { model, version, task } = manifest;
  const timing = () => {
    const now = performance.now();
    return rounded({
      decodeMs,
      preprocessMs,
      inferenceMs: answered - asked,
      postprocessMs: now - answered,
      totalMs: now - started,
    });
  };
  if (task === "object-detection") {
    const detections = detect(output, manifest, geometry!);
    return { model, version, task, detections, image: geometry!.source, timing: timing() };
  }
  const predictions = classify(output.data, manifest.classes, manifest.output.head as "softmax" | "logits");
  return { model, version, task, predictions, ...(geometry && { image: geometry.source }), timing: timing() };
}

function emptyFeeds({ input }: Manifest, inputs: ValueInfo[]): Record<string, Tensor> {
  return Object.fromEntries(
    inputs.map(({ name, type, shape }) => {
      const image = input.kind === "image" && input;
      const free = [
        1,
        ...(image
          ? image.layout === "NCHW"
            ? [3, image.height, image.width]
            : [image.height, image.width, 3]
          : [2]),
      ];
      const dims = shape.map((size, at) => (typeof size === "number" ? size : (free[at] ?? 1)));
      const length = dims.reduce((product, size) => product * size, 1);
      return type === "int64"
        ? [name, { type: "int64", data: new BigInt64Array(length).fill(1n), dims }]
        : [name, { type: "float32", data: new Float32Array(length), dims }];
    }),
  );
}

const encoder = new TextEncoder();
const bytesOf = (body: Uint8Array | string) => (typeof body === "string" ? encoder.encode(body) : body);

function rounded(timing: Timing): Timing {
  return Object.fromEntries(
    Object.entries(timing).map(([step, ms]) => [step, Math.round((ms as number) * 1000) / 1000]),
  ) as unknown as Timing;
}
