// Turns a request's body into the inputs of the model.
import { type TextMeasures, measureText } from "../descriptors/text.ts";
import { type DecodeLimits, decodeImage } from "../image/decode.ts";
import { type Geometry, type Size, fitToInput } from "../image/geometry.ts";
import { tensorLength } from "../image/image-tensor.ts";
import { detectImageType } from "../image/image-type.ts";
import { readJpegHeader } from "../image/jpeg.ts";
import type { PreprocessTimes } from "../image/preprocess.ts";
import type { ImageInput, Manifest, TextInput } from "../package.ts";
import type { Feeds } from "../session/feeds.ts";
import type { ValueInfo } from "../tensor.ts";
import { decodeText, textReader } from "../text/feeds.ts";

export interface PreparedRequest {
  feeds: Feeds;
  content: Content;
  /** Spent so far. */
  times: PreprocessTimes;
}

export type Content = { kind: "image"; size: Size } | { kind: "text"; measures: TextMeasures };

export interface Preparer {
  /** Without decoding, where the worker can decode the image itself at little cost. */
  prepareEncoded(bytes: Uint8Array): PreparedRequest | undefined;
  prepare(bytes: Uint8Array): Promise<PreparedRequest>;
  /** A black image or one word, for the warm-up. */
  blank(): Feeds;
}

export async function createPreparer(
  dir: string,
  { input }: Manifest,
  inputs: ValueInfo[],
  limits: DecodeLimits,
): Promise<Preparer> {
  return input.kind === "text"
    ? textPreparer(dir, input, inputs)
    : imagePreparer(input, inputs[0]!.name, limits);
}

async function textPreparer(dir: string, input: TextInput, inputs: ValueInfo[]): Promise<Preparer> {
  const read = await textReader(dir, input, inputs);
  return {
    prepareEncoded: () => undefined,
    async prepare(bytes) {
      const started = performance.now();
      const text = decodeText(bytes);
      const decoded = performance.now();
      const { feeds, tokens } = read(text);
      const measures = measureText(text, tokens);
      const times = { decodeMs: decoded - started, preprocessMs: performance.now() - decoded };
      return { feeds, content: { kind: "text", measures }, times };
    },
    blank: () => read("word").feeds,
  };
}

function imagePreparer(input: ImageInput, name: string, limits: DecodeLimits): Preparer {
  const maxEncodedBytes = tensorLength(input) * Float32Array.BYTES_PER_ELEMENT;
  return {
    prepareEncoded(bytes) {
      // Memory that threads share never shrinks, so large files are decoded first.
      if (bytes.length > maxEncodedBytes || detectImageType(bytes) !== "jpeg") return undefined;
      const header = readJpegHeader(bytes);
      if (header.kind !== "simple" || !keepsSize(fitToInput(header.size, input))) return undefined;
      const type = header.grey ? "grey-jpeg" : "jpeg";
      return {
        feeds: { [name]: { type, data: bytes, size: header.size } },
        content: { kind: "image", size: header.size },
        times: { decodeMs: 0, preprocessMs: 0 },
      };
    },
    async prepare(bytes) {
      const started = performance.now();
      const { pixels, geometry } = await decodeImage(bytes, input, limits);
      const { source } = geometry;
      return {
        feeds: { [name]: { type: "rgb", data: pixels, size: source } },
        content: { kind: "image", size: source },
        times: { decodeMs: performance.now() - started, preprocessMs: 0 },
      };
    },
    blank: () => ({
      [name]: {
        type: "rgb",
        data: new Uint8Array(tensorLength(input)),
        size: { width: input.width, height: input.height },
      },
    }),
  };
}

/** Neither scaled nor cut: the image is no larger than the model's input, and costs little beside the inference. */
const keepsSize = ({ source, resized, visible }: Geometry) =>
  resized.width === source.width &&
  resized.height === source.height &&
  visible.width === source.width &&
  visible.height === source.height;
