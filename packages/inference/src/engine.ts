// A package folder to a function from bytes to an answer. Loaded once, asked many times.
import { availableParallelism } from "node:os";
import path from "node:path";
import { admission } from "./admission.ts";
import { InferenceError, asInferenceError } from "./error.ts";
import { DECODE_LIMITS, type DecodeLimits } from "./image/decode.ts";
import type { Size } from "./image/geometry.ts";
import type { Scored } from "./output/classes.ts";
import type { Detection } from "./output/detections.ts";
import { MODEL_FILE, type Manifest, readManifest } from "./package.ts";
import { type Prepared, preparer } from "./prepare.ts";
import { NotDrawn } from "./session/feeds.ts";
import type { Times } from "./session/place.ts";
import { type SessionOptions, openSession } from "./session/session.ts";

export interface Timing extends Times {
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

export interface LoadOptions extends SessionOptions {
  limits?: DecodeLimits;
}

export async function load(dir: string, options: LoadOptions = {}): Promise<Engine> {
  const manifest = await readManifest(dir);
  const session = await openSession(path.join(dir, MODEL_FILE), manifest, options);
  try {
    const { name: output } = manifest.output;
    if (output !== undefined && !session.outputs.some(({ name }) => name === output))
      throw new InferenceError(
        "PACKAGE_INVALID",
        422,
        `sluice.json names the output '${output}', which the model does not have.`,
        `The model's outputs are: ${session.outputs.map(({ name }) => name).join(", ")}.`,
      );
    const prepare = await preparer(dir, manifest, session, options.limits ?? DECODE_LIMITS);
    // Enough to keep every lane and every decoding thread busy; what waits beyond that is still a small body.
    const { admit, empty } = admission(session.room + Math.max(4, availableParallelism()));
    let closing = false;

    async function answer(
      { feeds, source, ...before }: Prepared,
      started: number,
      signal: AbortSignal | undefined,
    ): Promise<Answer> {
      const { said, times } = await session.run(feeds, signal);
      const timing = {
        decodeMs: rounded(before.decodeMs + times.decodeMs),
        preprocessMs: rounded(before.preprocessMs + times.preprocessMs),
        inferenceMs: rounded(times.inferenceMs),
        postprocessMs: rounded(times.postprocessMs),
        totalMs: rounded(performance.now() - started),
      };
      const { model, version, task } = manifest;
      return { model, version, task, ...said, ...(source && { image: source }), timing } as Answer;
    }

    return {
      manifest,
      async predict(body, signal) {
        const started = performance.now();
        if (closing)
          throw new InferenceError(
            "MODEL_NOT_LOADED",
            404,
            `The model '${manifest.model}' has been unloaded.`,
            "Load it again before you ask it.",
          );
        const bytes = typeof body === "string" ? encoder.encode(body) : body;
        if (bytes.length === 0)
          throw new InferenceError(
            "BODY_EMPTY",
            400,
            "The request has no body.",
            "Send the picture's bytes or the text.",
          );
        return admit(async () => {
          try {
            const quick = prepare.quickly(bytes);
            const drawn = quick && (await answer(quick, started, signal).catch(unlessNotDrawn));
            return drawn ?? (await answer(await prepare.fully(bytes), started, signal));
          } catch (error) {
            throw asInferenceError(error);
          }
        }, signal);
      },
      async warm() {
        await session.run(prepare.blank());
      },
      alive: session.alive,
      async close() {
        closing = true;
        await empty();
        await session.close();
      },
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Then libvips has the last word on the picture. */
function unlessNotDrawn(error: unknown): undefined {
  if (!(error instanceof NotDrawn)) throw error;
}

const encoder = new TextEncoder();
const rounded = (ms: number) => Math.round(ms * 1000) / 1000;
