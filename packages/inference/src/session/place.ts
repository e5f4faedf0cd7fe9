// Where requests lie for the model's thread, and their answers for the caller: memory both see, and use again. Messages
// between threads are copied, queued and told of by the event loop, which costs as much as decoding a picture; and the system
// hands out fresh pages more slowly than pixels fill them.
import type { InferenceCode } from "../error.ts";
import type { DrawTimes } from "../image/draw.ts";
import type { Said } from "../output/said.ts";
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

/** What was said of each of the requests that ran together, and what all of them took. */
export interface Ran {
  said: Said[];
  times: Times;
}

export type Outcome =
  | Ran
  | { notDrawn: string }
  | { error: string }
  | { refused: { code: InferenceCode; status: number; message: string; hint: string } };

/** Only reserved, until something needs it. */
const MOST_BYTES = 2 ** 30;
const FIRST_BYTES = 4096;
/** Where the words lie and how many bytes they are; numbers begin behind. */
const START = 8;
const VIEWS = { float32: Float32Array, int64: BigInt64Array, jpeg: Uint8Array, rgb: Uint8Array };

export const newPlace = (): Place => ({ requests: memory(), answer: memory() });
const memory = () => new SharedArrayBuffer(FIRST_BYTES, { maxByteLength: MOST_BYTES });

/** Requests that run together. */
export function writeRequests({ requests }: Place, group: Feeds[]) {
  let end = START;
  const words = group.map((feeds) => {
    const members: Record<string, unknown> = {};
    for (const name in feeds) {
      const { data, ...about } = feeds[name]!;
      members[name] = { ...about, at: end, length: data.length };
      end = put(requests, end, data);
    }
    return members;
  });
  say(requests, end, words);
}

/** Their numbers stay where they lie. */
export function readRequests({ requests }: Place): Feeds[] {
  const words = said(requests) as Record<string, { type: keyof typeof VIEWS; at: number; length: number }>[];
  return words.map((members) => {
    const feeds: Record<string, unknown> = {};
    for (const name in members) {
      const { at, length, ...about } = members[name]!;
      // Node's types do not know of memory that grows.
      const memory = requests as unknown as ArrayBuffer;
      feeds[name] = { ...about, data: new VIEWS[about.type](memory, at, length) };
    }
    return feeds as Feeds;
  });
}

export const writeAnswer = ({ answer }: Place, given: Outcome) => say(answer, START, given);
export const readAnswer = ({ answer }: Place) => said(answer) as Outcome;

/** Answers where the next may begin. */
function put(block: SharedArrayBuffer, at: number, numbers: ArrayBufferView): number {
  const { buffer, byteOffset, byteLength } = numbers;
  const end = at + byteLength;
  grow(block, end);
  new Uint8Array(block, at, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
  return Math.ceil(end / START) * START;
}

function say(block: SharedArrayBuffer, at: number, words: unknown) {
  const text = JSON.stringify(words);
  // No character takes more than three bytes of UTF-8.
  grow(block, at + text.length * 3);
  new Int32Array(block, 0, 2).set([at, bytesOf(block, at).write(text)]);
}

function said(block: SharedArrayBuffer): unknown {
  const [at, length] = new Int32Array(block, 0, 2) as unknown as [number, number];
  return JSON.parse(bytesOf(block, at, length).toString());
}

function bytesOf(block: SharedArrayBuffer, at: number, length?: number): Buffer {
  return Buffer.from(block as unknown as ArrayBuffer, at, length);
}

function grow(block: SharedArrayBuffer, bytes: number) {
  // Twice what is needed now, for the next may need a little more.
  if (bytes > block.byteLength) block.grow(Math.max(bytes, Math.min(bytes * 2, MOST_BYTES)));
}
