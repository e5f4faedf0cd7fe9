// The response of one run in shared memory, as 64-bit floats: JSON would be written and parsed for each request. Errors, which
// are rare, are JSON.
import type { PreprocessTimes } from "../image/preprocess.ts";
import type { RequestMeasures } from "../descriptors/request.ts";
import { asArrayBuffer, ensureCapacity } from "./shared-buffer.ts";
import type { SerializedError } from "./worker-error.ts";

/** Of all requests of one run together. */
export interface StepTimes extends PreprocessTimes {
  inferenceMs: number;
  postprocessMs: number;
}

export type WorkerResponse =
  | { kind: "result"; outputs: RequestOutput[]; times: StepTimes }
  | { kind: "error"; error: SerializedError };

/** Of one request of the run. */
export interface RequestOutput {
  /** The numbers that `postprocess` returned. */
  prediction: number[];
  measures: RequestMeasures;
}

const RESULT = 0;
const ERROR = 1;
/** Offsets in 64-bit words. `kind` is RESULT or ERROR. */
const KIND = 0;
/** Of an error: the length of the JSON text in bytes, and where it begins. */
const ERROR_BYTES = 1;
const ERROR_TEXT = 2;
/** Of a result; for each output three lists follow, each with its length first: prediction, image measures, embedding. */
const TIMES = { decodeMs: 1, preprocessMs: 2, inferenceMs: 3, postprocessMs: 4 } as const;
const OUTPUT_COUNT = 5;
const FIRST_OUTPUT = 6;
type ImageValues = NonNullable<RequestMeasures["image"]>;
const MEASURES = Object.keys({
  brightness: 0,
  contrast: 0,
  sharpness: 0,
  noise: 0,
  saturation: 0,
} satisfies ImageValues) as (keyof ImageValues)[];
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

  function writeResult(outputs: RequestOutput[], times: StepTimes) {
    const lists = outputs.flatMap(toLists);
    const length = lists.reduce((sum, list) => sum + 1 + list.length, FIRST_OUTPUT);
    ensureCapacity(memory, length * WORD_BYTES);
    words[KIND] = RESULT;
    words[TIMES.decodeMs] = times.decodeMs;
    words[TIMES.preprocessMs] = times.preprocessMs;
    words[TIMES.inferenceMs] = times.inferenceMs;
    words[TIMES.postprocessMs] = times.postprocessMs;
    words[OUTPUT_COUNT] = outputs.length;
    let at = FIRST_OUTPUT;
    for (const list of lists) {
      words[at] = list.length;
      words.set(list, at + 1);
      at += 1 + list.length;
    }
  }

  function readOutputs(): RequestOutput[] {
    let at = FIRST_OUTPUT;
    const readList = () => {
      const first = at + 1;
      at = first + words[at]!;
      return [...words.subarray(first, at)];
    };
    return Array.from({ length: words[OUTPUT_COUNT]! }, () => fromLists(readList(), readList(), readList()));
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

function toLists({ prediction, measures: { image, embedding } }: RequestOutput): number[][] {
  return [prediction, image ? MEASURES.map((name) => image[name]) : [], embedding];
}

function fromLists(prediction: number[], measures: number[], embedding: number[]): RequestOutput {
  if (measures.length === 0) return { prediction, measures: { embedding } };
  const image = Object.fromEntries(MEASURES.map((name, at) => [name, measures[at]!])) as ImageValues;
  return { prediction, measures: { image, embedding } };
}
