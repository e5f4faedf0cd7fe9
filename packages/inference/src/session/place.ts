// Where requests lie for the model's thread, and their answers for the caller: memory both see, and use again. Messages
// between threads are copied, queued and told of by the event loop, which costs as much as decoding a picture; the system
// hands out fresh pages more slowly than pixels fill them. And all but a failure is numbers, for JSON would be written and read on both sides.
import type { InferenceCode } from "../error.ts";
import type { DrawTimes } from "../image/draw.ts";
import type { Feeds } from "./feeds.ts";

/** What a place is for the other thread. */
export interface Memory {
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
  read: number[][];
  times: Times;
}

export type Failure =
  | { notDrawn: string }
  | { error: string }
  | { refused: { code: InferenceCode; status: number; message: string; hint: string } };

export interface Place {
  /** Those that run together. */
  writeRequests(group: Feeds[]): void;
  /** Their numbers stay where they lie. */
  readRequests(): Feeds[];
  writeAnswer(answer: Answer): void;
  writeFailure(failure: Failure): void;
  readAnswer(): Answer | Failure;
}

/** Only reserved, until something needs it. */
const MOST_BYTES = 2 ** 30;
const FIRST_BYTES = 4096;
const ALIGNED = 8;
const TYPES = ["float32", "int64", "jpeg", "rgb"] as const;
const VIEWS = { float32: Float32Array, int64: BigInt64Array, jpeg: Uint8Array, rgb: Uint8Array };

const block = () => new SharedArrayBuffer(FIRST_BYTES, { maxByteLength: MOST_BYTES });
export const newMemory = (): Memory => ({ requests: block(), answer: block() });

/** `names` are those of the model's inputs, as both sides know them. */
export function placeIn({ requests, answer }: Memory, names: string[]): Place {
  // Without a length of their own they grow with the memory, and making them anew costs more than what goes through them.
  const words = new Int32Array(requests);
  const bytes = new Uint8Array(requests);
  const numbers = new Float64Array(answer);

  return {
    writeRequests(group) {
      // How many words in all, then of each request how many tensors it has, and what and where they are.
      const said = [0];
      const data: ArrayBufferView[] = [];
      for (const feeds of group) {
        const members = said.push(0) - 1;
        for (const name in feeds) {
          const feed = feeds[name]!;
          const shape = "dims" in feed ? feed.dims : [feed.size.width, feed.size.height, Number(feed.grey)];
          said.push(names.indexOf(name), TYPES.indexOf(feed.type), feed.data.length, shape.length, ...shape);
          said[members]!++;
          data.push(feed.data);
        }
      }
      said[0] = said.length;
      let end = said.length * Int32Array.BYTES_PER_ELEMENT;
      grow(requests, end);
      words.set(said);
      for (const { buffer, byteOffset, byteLength } of data) {
        const at = aligned(end);
        end = at + byteLength;
        grow(requests, end);
        bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
      }
    },
    readRequests() {
      const group: Feeds[] = [];
      const length = words[0]!;
      let end = length * Int32Array.BYTES_PER_ELEMENT;
      let at = 1;
      while (at < length) {
        const feeds: Feeds = {};
        for (let left = words[at++]!; left > 0; left--) {
          const name = names[words[at++]!]!;
          const type = TYPES[words[at++]!]!;
          // Node's types do not know of memory that grows.
          const data = new VIEWS[type](requests as unknown as ArrayBuffer, aligned(end), words[at++]!);
          end = data.byteOffset + data.byteLength;
          const shape: number[] = [];
          for (let sizes = words[at++]!; sizes > 0; sizes--) shape.push(words[at++]!);
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
    },
    writeAnswer({ read, times }) {
      const { decodeMs, preprocessMs, inferenceMs, postprocessMs } = times;
      const said = [0, decodeMs, preprocessMs, inferenceMs, postprocessMs];
      const length = read.reduce((sum, some) => sum + 1 + some.length, said.length);
      said[0] = length;
      grow(answer, length * Float64Array.BYTES_PER_ELEMENT);
      numbers.set(said);
      let at = said.length;
      for (const some of read) {
        numbers[at] = some.length;
        numbers.set(some, at + 1);
        at += 1 + some.length;
      }
    },
    writeFailure(failure) {
      const text = Buffer.from(JSON.stringify(failure));
      grow(answer, ALIGNED + text.length);
      numbers[0] = -text.length;
      new Uint8Array(answer).set(text, ALIGNED);
    },
    readAnswer() {
      const length = numbers[0]!;
      if (length < 0)
        return JSON.parse(
          Buffer.from(answer as unknown as ArrayBuffer, ALIGNED, -length).toString(),
        ) as Failure;
      const read: number[][] = [];
      for (let at = 5; at < length;) {
        const some: number[] = [];
        const end = at + 1 + numbers[at]!;
        for (at++; at < end; at++) some.push(numbers[at]!);
        read.push(some);
      }
      const times = {
        decodeMs: numbers[1]!,
        preprocessMs: numbers[2]!,
        inferenceMs: numbers[3]!,
        postprocessMs: numbers[4]!,
      };
      return { read, times };
    },
  };
}

const aligned = (at: number) => Math.ceil(at / ALIGNED) * ALIGNED;

function grow(shared: SharedArrayBuffer, size: number) {
  // Twice what is needed now, for the next may need a little more.
  if (size > shared.byteLength) shared.grow(Math.max(size, Math.min(size * 2, MOST_BYTES)));
}
