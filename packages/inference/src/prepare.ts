// A request's body to the tensors the model reads.
import { type DecodeLimits, decode } from "./image/decode.ts";
import type { Geometry } from "./image/geometry.ts";
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

export type Prepare = (bytes: Uint8Array) => Promise<Prepared>;

export async function preparer(
  dir: string,
  { input }: Manifest,
  { inputs, memory }: Session,
  limits: DecodeLimits,
): Promise<Prepare> {
  if (input.kind === "text") {
    const read = await textReader(dir, input, inputs);
    return async (bytes) => {
      const started = performance.now();
      const text = textOf(bytes);
      const decoded = performance.now();
      const feeds = read(text);
      return { feeds, decodeMs: decoded - started, preprocessMs: performance.now() - decoded };
    };
  }
  const tables = tablesOf(input);
  const length = tensorLength(input);
  const name = inputs[0]!.name;
  const { width, height } = input;
  const dims = input.layout === "NCHW" ? [1, 3, height, width] : [1, height, width, 3];
  return async (bytes) => {
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
  };
}

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
