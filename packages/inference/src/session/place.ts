// Where requests lie for the model's thread, and their answers for the caller: memory both see, and use again. Messages
// between threads are copied, queued and told of by the event loop, which costs as much as decoding a picture; the system
// hands out fresh pages more slowly than pixels fill them. And all of it is numbers, for whoever reads JSON reads it as text.
import type { InferenceCode } from "../error.ts";
import type { DrawTimes } from "../image/draw.ts";
import type { Feeds } from "./feeds.ts";

export interface Place {
  requests: SharedArrayBuffer;
  answer: SharedArrayBuffer;
}

/** Of all requests of one run together. */
export interface Times extends DrawTimes {
  inferenceMs: number;
  postprocessMs: number;
}

/** What was read out of the model's output for each of the requests that ran together, and what all of them took. */
export interface Answer {
  read: ArrayLike<number>[];
  times: Times;
}

export type Failure =
  | { notDrawn: string }
  | { error: string }
  | { refused: { code: InferenceCode; status: number; message: string; hint: string } };

/** Only reserved, until something needs it. */
const MOST_BYTES = 2 ** 30;
const FIRST_BYTES = 4096;
/** In front of everything stands where its description lies, and how long that is. */
const START = 8;
const FAILED = -1;
const TYPES = ["float32", "int64", "jpeg", "rgb"] as const;
const VIEWS = { float32: Float32Array, int64: BigInt64Array, jpeg: Uint8Array, rgb: Uint8Array };

export const newPlace = (): Place => ({ requests: memory(), answer: memory() });
const memory = () => new SharedArrayBuffer(FIRST_BYTES, { maxByteLength: MOST_BYTES });

/** Requests that run together. `names` are those of the model's inputs, as both sides know them. */
export function writeRequests({ requests }: Place, group: Feeds[], names: string[]) {
  let end = START;
  const words: number[] = [];
  for (const feeds of group) {
    const members = Object.keys(feeds);
    words.push(members.length);
    for (const name of members) {
      const feed = feeds[name]!;
      const { type, data } = feed;
      const shape = "dims" in feed ? feed.dims : [feed.size.width, feed.size.height, Number(feed.grey)];
      words.push(names.indexOf(name), TYPES.indexOf(type), end, data.length, shape.length, ...shape);
      end = put(requests, end, data);
    }
  }
  grow(requests, end + words.length * Int32Array.BYTES_PER_ELEMENT);
  new Int32Array(requests, end, words.length).set(words);
  describe(requests, end, words.length);
}

/** Their numbers stay where they lie. */
export function readRequests({ requests }: Place, names: string[]): Feeds[] {
  const words = new Int32Array(requests, ...described(requests));
  let at = 0;
  const next = () => words[at++]!;
  const group: Feeds[] = [];
  while (at < words.length) {
    const feeds: Feeds = {};
    for (let left = next(); left > 0; left--) {
      const name = names[next()]!;
      const type = TYPES[next()]!;
      // Node's types do not know of memory that grows.
      const data = new VIEWS[type](requests as unknown as ArrayBuffer, next(), next());
      const shape = Array.from({ length: next() }, next) as [number, number, number];
      const [width, height, grey] = shape;
      feeds[name] = (
        type === "jpeg" || type === "rgb"
          ? { type, data, grey: grey === 1, size: { width, height } }
          : { type, data, dims: shape }
      ) as Feeds[string];
    }
    group.push(feeds);
  }
  return group;
}

export function writeAnswer({ answer }: Place, { read, times }: Answer) {
  const { decodeMs, preprocessMs, inferenceMs, postprocessMs } = times;
  const length = read.reduce((sum, numbers) => sum + 1 + numbers.length, 4);
  grow(answer, START + length * Float64Array.BYTES_PER_ELEMENT);
  const all = new Float64Array(answer, START, length);
  all.set([decodeMs, preprocessMs, inferenceMs, postprocessMs]);
  let at = 4;
  for (const numbers of read) {
    all[at] = numbers.length;
    all.set(numbers, at + 1);
    at += 1 + numbers.length;
  }
  describe(answer, START, length);
}

export function writeFailure({ answer }: Place, failure: Failure) {
  const text = JSON.stringify(failure);
  // No character takes more than three bytes of UTF-8.
  grow(answer, START + text.length * 3);
  describe(answer, FAILED, textIn(answer).write(text));
}

/** Its numbers lie there until the place is used again. */
export function readAnswer({ answer }: Place): Answer | Failure {
  const [start, length] = described(answer);
  if (start === FAILED) return JSON.parse(textIn(answer, length).toString()) as Failure;
  const all = new Float64Array(answer, start, length);
  const [decodeMs, preprocessMs, inferenceMs, postprocessMs] = all as unknown as [
    number,
    number,
    number,
    number,
  ];
  const read: Float64Array[] = [];
  for (let at = 4; at < length; at += 1 + all[at]!) read.push(all.subarray(at + 1, at + 1 + all[at]!));
  return { read, times: { decodeMs, preprocessMs, inferenceMs, postprocessMs } };
}

function describe(block: SharedArrayBuffer, at: number, length: number) {
  const head = new Int32Array(block, 0, 2);
  head[0] = at;
  head[1] = length;
}

const described = (block: SharedArrayBuffer) =>
  new Int32Array(block, 0, 2) as unknown as [at: number, length: number];

/** Answers where the next may begin. */
function put(block: SharedArrayBuffer, at: number, numbers: ArrayBufferView): number {
  const { buffer, byteOffset, byteLength } = numbers;
  const end = at + byteLength;
  grow(block, end);
  new Uint8Array(block, at, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
  return Math.ceil(end / START) * START;
}

function textIn(block: SharedArrayBuffer, length?: number): Buffer {
  return Buffer.from(block as unknown as ArrayBuffer, START, length);
}

function grow(block: SharedArrayBuffer, bytes: number) {
  // Twice what is needed now, for the next may need a little more.
  if (bytes > block.byteLength) block.grow(Math.max(bytes, Math.min(bytes * 2, MOST_BYTES)));
}
