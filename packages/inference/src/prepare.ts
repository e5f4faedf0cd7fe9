// A request's body to the tensors the model reads.
import { type DecodeLimits, decode } from "./image/decode.ts";
import { type Geometry, fit } from "./image/geometry.ts";
import { jpegHead } from "./image/jpeg.ts";
import { sniff } from "./image/sniff.ts";
import { tablesOf, tensorLength, writeTensor } from "./image/tensor.ts";
import type { Manifest } from "./package.ts";
import type { Session } from "./session/session.ts";
import type { Feeds, ValueInfo } from "./session/tensor.ts";
import { textOf, textReader } from "./text/feeds.ts";

export interface Prepared {
  feeds: Feeds;
  geometry?: Geometry;
  decodeMs: number;
  preprocessMs: number;
}

export interface Prepare {
  /** What costs the model's thread next to nothing, it shall do itself: then nothing is decoded here. */
  quickly(bytes: Uint8Array): Prepared | undefined;
  fully(bytes: Uint8Array): Promise<Prepared>;
}

export async function preparer(
  dir: string,
  { input }: Manifest,
  { inputs, memory }: Session,
  limits: DecodeLimits,
): Promise<Prepare> {
  if (input.kind === "text") {
    const read = await textReader(dir, input, inputs);
    const fully = async (bytes: Uint8Array) => {
      const started = performance.now();
      const text = textOf(bytes);
      const decoded = performance.now();
      const feeds = read(text);
      return { feeds, decodeMs: decoded - started, preprocessMs: performance.now() - decoded };
    };
    return { quickly: () => undefined, fully };
  }
  const tables = tablesOf(input);
  const length = tensorLength(input);
  const name = inputs[0]!.name;
  const { width, height } = input;
  const dims = input.layout === "NCHW" ? [1, 3, height, width] : [1, height, width, 3];
  return {
    quickly(bytes) {
      const head = sniff(bytes) === "jpeg" ? jpegHead(bytes) : undefined;
      if (!head?.plain) return undefined;
      const geometry = fit(head.size, input);
      if (!isAsItIs(geometry)) return undefined;
      // A copy of its own can move to the model's thread; the request's bytes stay for the second try.
      const jpeg = new Uint8Array(bytes);
      const { size, grey } = head;
      return {
        feeds: { [name]: { type: "sketch", jpeg, grey, size, dims } },
        geometry,
        decodeMs: 0,
        preprocessMs: 0,
      };
    },
    async fully(bytes) {
      const started = performance.now();
      const picture = await decode(bytes, input, limits);
      const decoded = performance.now();
      const data = memory.take(length);
      writeTensor(data, picture, input, tables);
      return {
        feeds: { [name]: { type: "float32", data, dims } },
        geometry: picture.geometry,
        decodeMs: decoded - started,
        preprocessMs: performance.now() - decoded,
      };
    },
  };
}

/** Neither scaled nor cut: then it is no larger than the model's input, and quicker to draw than the model to run. */
const isAsItIs = ({ source, resized, visible }: Geometry) =>
  resized.width === source.width &&
  resized.height === source.height &&
  visible.width === source.width &&
  visible.height === source.height;

/** An empty picture or one word, to run the model once before anybody waits for it. */
export function emptyFeeds({ input }: Manifest, inputs: ValueInfo[]): Feeds {
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
