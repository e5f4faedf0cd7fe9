// The requests of one run in shared memory: a header of 32-bit words, then the data of each feed.
import type { Feeds } from "./feeds.ts";
import { align, asArrayBuffer, ensureCapacity } from "./shared-buffer.ts";

type Feed = Feeds[string];

/** Word offsets of the header: the number of requests, then for each the number of its feeds and the feeds. */
const REQUEST_COUNT = 0;
const FIRST_REQUEST = 1;
/** Word offsets of one feed; its dimensions follow. An image has two: width and height. */
const FEED = { name: 0, type: 1, byteOffset: 2, length: 3, rank: 4, dims: 5 } as const;

const TYPES = ["float32", "int64", "rgb", "jpeg", "grey-jpeg"] as const satisfies Feed["type"][];
const WORD_BYTES = Int32Array.BYTES_PER_ELEMENT;

/** `names` are the model's input names; both threads pass the same. */
export function requestBuffer(memory: SharedArrayBuffer, names: string[]) {
  // Views without a length grow with the memory; creating them for each request costs more than using them.
  const words = new Int32Array(memory);
  const bytes = new Uint8Array(memory);

  return {
    write(requests: Feeds[]) {
      const { header, arrays, byteLength } = layOut(requests, names);
      ensureCapacity(memory, byteLength);
      words.set(header);
      for (const { array, byteOffset } of arrays)
        bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), byteOffset);
    },
    /** Data stay in shared memory: they are valid until the next write. */
    read() {
      let at = FIRST_REQUEST;
      return Array.from({ length: words[REQUEST_COUNT]! }, () => {
        const feeds: Feeds = {};
        for (let left = words[at++]!; left > 0; left--) {
          feeds[names[words[at + FEED.name]!]!] = readFeed(memory, words, at);
          at += FEED.dims + words[at + FEED.rank]!;
        }
        return feeds;
      });
    },
  };
}

/** The header, and where each feed's data go. */
function layOut(requests: Feeds[], names: string[]) {
  const feeds = requests.map((request) => Object.entries(request));
  const words = feeds
    .flat()
    .reduce((sum, [, feed]) => sum + FEED.dims + dimsOf(feed).length, FIRST_REQUEST + requests.length);
  const header = [requests.length];
  const arrays: { array: ArrayBufferView; byteOffset: number }[] = [];
  let byteLength = words * WORD_BYTES;
  for (const request of feeds) {
    header.push(request.length);
    for (const [name, feed] of request) {
      const byteOffset = align(byteLength);
      const dims = dimsOf(feed);
      header.push(
        names.indexOf(name),
        TYPES.indexOf(feed.type),
        byteOffset,
        feed.data.length,
        dims.length,
        ...dims,
      );
      arrays.push({ array: feed.data, byteOffset });
      byteLength = byteOffset + feed.data.byteLength;
    }
  }
  return { header, arrays, byteLength };
}

const dimsOf = (feed: Feed) => ("size" in feed ? [feed.size.width, feed.size.height] : feed.dims);

function readFeed(memory: SharedArrayBuffer, words: Int32Array, at: number): Feed {
  const type = TYPES[words[at + FEED.type]!]!;
  const byteOffset = words[at + FEED.byteOffset]!;
  const length = words[at + FEED.length]!;
  const dims = [...words.subarray(at + FEED.dims, at + FEED.dims + words[at + FEED.rank]!)];
  const buffer = asArrayBuffer(memory);
  if (type === "float32") return { type, data: new Float32Array(buffer, byteOffset, length), dims };
  if (type === "int64") return { type, data: new BigInt64Array(buffer, byteOffset, length), dims };
  const [width, height] = dims as [number, number];
  return { type, data: new Uint8Array(buffer, byteOffset, length), size: { width, height } };
}
