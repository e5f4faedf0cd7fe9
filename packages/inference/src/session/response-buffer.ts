// The response of one run in shared memory, as 64-bit floats: JSON would be written and parsed for each request. Errors, which
// are rare, are JSON.
import type { PreprocessTimes } from "../image/preprocess.ts";
import { asArrayBuffer, ensureCapacity } from "./shared-buffer.ts";
import type { SerializedError } from "./worker-error.ts";

/** Of all requests of one run together. */
export interface StepTimes extends PreprocessTimes {
  inferenceMs: number;
  postprocessMs: number;
}

export type WorkerResponse =
  /** The numbers that `postprocess` returned for each request of the run. */
  { kind: "result"; outputs: number[][]; times: StepTimes } | { kind: "error"; error: SerializedError };

const RESULT = 0;
const ERROR = 1;
/** Offsets in 64-bit words. `kind` is RESULT or ERROR. */
const KIND = 0;
/** Of an error: the length of the JSON text in bytes, and where it begins. */
const ERROR_BYTES = 1;
const ERROR_TEXT = 2;
/** Of a result; for each output its length and its numbers follow. */
const TIMES = { decodeMs: 1, preprocessMs: 2, inferenceMs: 3, postprocessMs: 4 } as const;
const OUTPUT_COUNT = 5;
const FIRST_OUTPUT = 6;
const WORD_BYTES = Float64Array.BYTES_PER_ELEMENT;

export function responseBuffer(memory: SharedArrayBuffer) {
  // Views without a length grow with the memory.
  const words = new Float64Array(memory);
  const bytes = new Uint8Array(memory);

  function writeError(error: SerializedError) {
    const text = Buffer.from(JSON.stringify(error));
    ensureCapacity(memory, ERROR_TEXT * WORD_BYTES + text.length);
    words[KIND] = ERROR;
    words[ERROR_BYTES] = text.length;
    bytes.set(text, ERROR_TEXT * WORD_BYTES);
  }

  function readError(): SerializedError {
    const text = Buffer.from(asArrayBuffer(memory), ERROR_TEXT * WORD_BYTES, words[ERROR_BYTES]!);
    return JSON.parse(text.toString()) as SerializedError;
  }

  function writeResult(outputs: number[][], times: StepTimes) {
    const length = outputs.reduce((sum, output) => sum + 1 + output.length, FIRST_OUTPUT);
    ensureCapacity(memory, length * WORD_BYTES);
    words[KIND] = RESULT;
    words[TIMES.decodeMs] = times.decodeMs;
    words[TIMES.preprocessMs] = times.preprocessMs;
    words[TIMES.inferenceMs] = times.inferenceMs;
    words[TIMES.postprocessMs] = times.postprocessMs;
    words[OUTPUT_COUNT] = outputs.length;
    let at = FIRST_OUTPUT;
    for (const output of outputs) {
      words[at] = output.length;
      words.set(output, at + 1);
      at += 1 + output.length;
    }
  }

  function readOutputs(): number[][] {
    let at = FIRST_OUTPUT;
    return Array.from({ length: words[OUTPUT_COUNT]! }, () => {
      const first = at + 1;
      at = first + words[at]!;
      return [...words.subarray(first, at)];
    });
  }

  return {
    write(response: WorkerResponse) {
      if (response.kind === "error") writeError(response.error);
      else writeResult(response.outputs, response.times);
    },
    read(): WorkerResponse {
      if (words[KIND] === ERROR) return { kind: "error", error: readError() };
      const times = {
        decodeMs: words[TIMES.decodeMs]!,
        preprocessMs: words[TIMES.preprocessMs]!,
        inferenceMs: words[TIMES.inferenceMs]!,
        postprocessMs: words[TIMES.postprocessMs]!,
      };
      return { kind: "result", outputs: readOutputs(), times };
    },
  };
}
