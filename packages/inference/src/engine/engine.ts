// Loads a model package once, and serves many requests.
import { availableParallelism } from "node:os";
import path from "node:path";
import { type Descriptors, describeImage, describeText } from "../descriptors/descriptors.ts";
import { FastDecodeError, InferenceError, asInferenceError } from "../error.ts";
import { DECODE_LIMITS, type DecodeLimits } from "../image/decode.ts";
import type { Size } from "../image/geometry.ts";
import type { ClassScore } from "../output/classes.ts";
import type { Detection } from "../output/detections.ts";
import { MODEL_FILE, type Manifest, readManifest } from "../package.ts";
import type { StepTimes } from "../session/response-buffer.ts";
import { type Session, type SessionOptions, openSession } from "../session/session.ts";
import { createLimiter } from "./limiter.ts";
import { type PreparedRequest, type Preparer, createPreparer } from "./prepare.ts";

export interface Timing extends StepTimes {
  totalMs: number;
}

interface Common {
  model: string;
  version: string;
  timing: Timing;
  descriptors: Descriptors;
}

export type InferenceResult =
  | (Common & {
      task: "image-classification" | "text-classification";
      predictions: ClassScore[];
      image?: Size;
    })
  | (Common & { task: "object-detection"; detections: Detection[]; image: Size });

export interface Engine {
  manifest: Manifest;
  /** An aborted request is dropped at its next step; a running inference ends without a reader. */
  predict(body: Uint8Array | string, signal?: AbortSignal): Promise<InferenceResult>;
  /** Runs one inference on an empty image or a word: the first is slower than all that follow. */
  warm(): Promise<void>;
  /** False after a worker has died; only a new process helps then. */
  alive(): boolean;
  /** Waits for the requests that it has accepted. */
  close(): Promise<void>;
}

export interface LoadOptions extends SessionOptions {
  limits?: DecodeLimits;
}

export async function loadEngine(dir: string, options: LoadOptions = {}): Promise<Engine> {
  const manifest = await readManifest(dir);
  const session = await openSession(path.join(dir, MODEL_FILE), manifest, options);
  try {
    requireOutputs(manifest, session);
    const limits = options.limits ?? DECODE_LIMITS;
    return createEngine(manifest, session, await createPreparer(dir, manifest, session.inputs, limits));
  } catch (error) {
    await session.close();
    throw error;
  }
}

function requireOutputs({ output }: Manifest, { outputs }: Session) {
  const named = [output.name, output.embedding].filter((name) => name !== undefined);
  const missing = named.find((wanted) => !outputs.some(({ name }) => name === wanted));
  if (missing === undefined) return;
  throw new InferenceError(
    "PACKAGE_INVALID",
    422,
    `sluice.json names the output '${missing}', which the model does not have.`,
    `The model's outputs are: ${outputs.map(({ name }) => name).join(", ")}.`,
  );
}

function createEngine(manifest: Manifest, session: Session, preparer: Preparer): Engine {
  // Enough to keep all workers and decoding threads busy; what waits beyond that is a small encoded body.
  const limiter = createLimiter(session.capacity + Math.max(4, availableParallelism()));
  let closing = false;

  async function run(
    { feeds, content, times: before }: PreparedRequest,
    started: number,
    signal: AbortSignal | undefined,
  ): Promise<InferenceResult> {
    const { prediction, measures, times } = await session.run(feeds, signal);
    const isImage = content.kind === "image";
    const timing = {
      decodeMs: rounded(before.decodeMs + times.decodeMs),
      preprocessMs: rounded(before.preprocessMs + times.preprocessMs),
      inferenceMs: rounded(times.inferenceMs),
      postprocessMs: rounded(times.postprocessMs),
      totalMs: rounded(performance.now() - started),
    };
    const { model, version, task } = manifest;
    return {
      model,
      version,
      task,
      ...prediction,
      ...(isImage && { image: content.size }),
      timing,
      descriptors: isImage
        ? describeImage(content.size, measures, prediction)
        : describeText(content.measures, measures),
    } as InferenceResult;
  }

  async function predict(bytes: Uint8Array, started: number, signal: AbortSignal | undefined) {
    try {
      const encoded = preparer.prepareEncoded(bytes);
      const result = encoded && (await run(encoded, started, signal).catch(ignoreFastDecodeError));
      return result ?? (await run(await preparer.prepare(bytes), started, signal));
    } catch (error) {
      throw asInferenceError(error);
    }
  }

  return {
    manifest,
    async predict(body, signal) {
      const started = performance.now();
      if (closing) throw unloaded(manifest.model);
      const bytes = typeof body === "string" ? encoder.encode(body) : body;
      if (bytes.length === 0) throw emptyBody();
      return limiter.run(() => predict(bytes, started, signal), signal);
    },
    async warm() {
      await session.run(preparer.blank());
    },
    alive: session.alive,
    async close() {
      closing = true;
      await limiter.whenIdle();
      await session.close();
    },
  };
}

/** libvips decides then whether the image is rejected. */
function ignoreFastDecodeError(error: unknown): undefined {
  if (!(error instanceof FastDecodeError)) throw error;
}

const encoder = new TextEncoder();
const rounded = (ms: number) => Math.round(ms * 1000) / 1000;

const unloaded = (model: string) =>
  new InferenceError(
    "MODEL_NOT_LOADED",
    404,
    `The model '${model}' has been unloaded.`,
    "Load it again, then repeat the request.",
  );

const emptyBody = () =>
  new InferenceError("BODY_EMPTY", 400, "The request has no body.", "Send the bytes of an image, or a text.");
