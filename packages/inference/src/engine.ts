// A package folder to a function from bytes to an answer. Loaded once, asked many times.
import { availableParallelism } from "node:os";
import path from "node:path";
import { admission } from "./admission.ts";
import { InferenceError, asInferenceError } from "./error.ts";
import { DECODE_LIMITS, type DecodeLimits } from "./image/decode.ts";
import type { Size } from "./image/geometry.ts";
import { type Scored, classify } from "./output/classes.ts";
import { type Detection, detect } from "./output/detections.ts";
import { MODEL_FILE, type Manifest, readManifest } from "./package.ts";
import { type Prepared, emptyFeeds, preparer } from "./prepare.ts";
import { type SessionOptions, openSession } from "./session/session.ts";
import { NotDrawn, type Tensor } from "./session/tensor.ts";

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
  /** With a signal that has been aborted the request is dropped at its next step; a running inference ends unheard. */
  predict(body: Uint8Array | string, signal?: AbortSignal): Promise<Answer>;
  /** One inference on an empty picture or a word: the first is slower than all that follow. */
  warm(): Promise<void>;
  /** False once the model's thread has died; only a new process helps then. */
  alive(): boolean;
  /** What has been asked is answered first. */
  close(): Promise<void>;
}

export interface LoadOptions extends Omit<SessionOptions, "maxBatch" | "image"> {
  limits?: DecodeLimits;
}

export async function load(dir: string, options: LoadOptions = {}): Promise<Engine> {
  const manifest = await readManifest(dir);
  const { maxBatch } = manifest;
  const session = await openSession(path.join(dir, MODEL_FILE), {
    ...options,
    maxBatch,
    image: manifest.input.kind === "image" ? manifest.input : undefined,
  });
  try {
    const output = manifest.output.name ?? session.outputs[0]!.name;
    if (!session.outputs.some(({ name }) => name === output))
      throw new InferenceError(
        "PACKAGE_INVALID",
        422,
        `sluice.json names the output '${output}', which the model does not have.`,
        `The model's outputs are: ${session.outputs.map(({ name }) => name).join(", ")}.`,
      );
    const prepare = await preparer(dir, manifest, session, options.limits ?? DECODE_LIMITS);
    // Enough to keep every lane and every decoding thread busy; what waits beyond that is still a small body.
    const { admit, empty } = admission((options.lanes ?? 1) * maxBatch + Math.max(4, availableParallelism()));
    return {
      manifest,
      async predict(body, signal) {
        const started = performance.now();
        const bytes = typeof body === "string" ? encoder.encode(body) : body;
        if (bytes.length === 0)
          throw new InferenceError(
            "BODY_EMPTY",
            400,
            "The request has no body.",
            "Send the picture's bytes or the text.",
          );
        return admit(async () => {
          const run = ({ feeds }: Prepared) => session.run(feeds, output, signal);
          let prepared = prepare.quickly(bytes) ?? (await prepare.fully(bytes));
          let asked = performance.now();
          const tensor = await run(prepared)
            .catch(async (error: unknown) => {
              if (!(error instanceof NotDrawn)) throw error;
              prepared = await prepare.fully(bytes);
              asked = performance.now();
              return run(prepared);
            })
            .catch((error: unknown) => {
              throw asInferenceError(error);
            });
          for (const feed of Object.values(prepared.feeds))
            if (feed.type !== "sketch") session.memory.give(feed.data);
          const answered = performance.now();
          const answer = answerOf(manifest, prepared, tensor);
          session.memory.give(tensor.data);
          const ended = performance.now();
          const { decodeMs, preprocessMs } = tensor.drawn ?? prepared;
          const drawMs = tensor.drawn ? decodeMs + preprocessMs : 0;
          const timing = {
            decodeMs: rounded(decodeMs),
            preprocessMs: rounded(preprocessMs),
            inferenceMs: rounded(answered - asked - drawMs),
            postprocessMs: rounded(ended - answered),
            totalMs: rounded(ended - started),
          };
          return { ...answer, timing } as Answer;
        }, signal);
      },
      async warm() {
        await session.run(emptyFeeds(manifest, session.inputs), output);
      },
      alive: session.alive,
      async close() {
        await empty();
        await session.close();
      },
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

function answerOf(manifest: Manifest, { geometry }: Prepared, output: Tensor) {
  if (!(output.data instanceof Float32Array))
    throw new InferenceError(
      "MODEL_FAILED",
      500,
      `The model's output is ${output.type}, not float32.`,
      "Export the model with a float32 output.",
    );
  const { model, version, task } = manifest;
  if (task === "object-detection")
    return {
      model,
      version,
      task,
      detections: detect(output, manifest, geometry!),
      image: geometry!.source,
    };
  const predictions = classify(output.data, manifest.classes, manifest.output.head as "softmax" | "logits");
  return { model, version, task, predictions, ...(geometry && { image: geometry.source }) };
}

const encoder = new TextEncoder();
const rounded = (ms: number) => Math.round(ms * 1000) / 1000;
