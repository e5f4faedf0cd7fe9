// A request's body to what the model is fed with.
import { tensorLength } from "./image/canvas.ts";
import { type DecodeLimits, decode } from "./image/decode.ts";
import type { DrawTimes } from "./image/draw.ts";
import { type Geometry, type Size, fit } from "./image/geometry.ts";
import { jpegHead } from "./image/jpeg.ts";
import { sniff } from "./image/sniff.ts";
import type { Manifest } from "./package.ts";
import type { Feeds } from "./session/feeds.ts";
import type { Session } from "./session/session.ts";
import { textOf, textReader } from "./text/feeds.ts";

/** With the time it has taken so far. */
export interface Prepared extends DrawTimes {
  feeds: Feeds;
  /** The picture's size. */
  source?: Size;
}

export interface Prepare {
  /** What costs the model's thread next to nothing, it shall do itself: then nothing is decoded here. */
  quickly(bytes: Uint8Array): Prepared | undefined;
  fully(bytes: Uint8Array): Promise<Prepared>;
  /** A black picture or one word, to run the model once before anybody waits for it. */
  blank(): Feeds;
}

export async function preparer(
  dir: string,
  { input }: Manifest,
  { inputs }: Session,
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
    return { quickly: () => undefined, fully, blank: () => read("word") };
  }
  const name = inputs[0]!.name;
  const { width, height } = input;
  return {
    quickly(bytes) {
      // More bytes than the model reads are not handed on: what two threads share never shrinks again.
      if (bytes.length > tensorLength(input) * Float32Array.BYTES_PER_ELEMENT) return undefined;
      const head = sniff(bytes) === "jpeg" ? jpegHead(bytes) : undefined;
      if (!head?.plain) return undefined;
      const { size, grey } = head;
      if (!isAsItIs(fit(size, input))) return undefined;
      const feeds: Feeds = { [name]: { type: "jpeg", data: bytes, grey, size } };
      return { feeds, source: size, decodeMs: 0, preprocessMs: 0 };
    },
    async fully(bytes) {
      const started = performance.now();
      const { pixels, geometry } = await decode(bytes, input, limits);
      const { source } = geometry;
      const feeds: Feeds = { [name]: { type: "rgb", data: pixels, grey: false, size: source } };
      return { feeds, source, decodeMs: performance.now() - started, preprocessMs: 0 };
    },
    blank: () => ({
      [name]: {
        type: "rgb",
        data: new Uint8Array(tensorLength(input)),
        grey: false,
        size: { width, height },
      },
    }),
  };
}

/** Neither scaled nor cut: then it is no larger than the model's input, and quicker to draw than the model to run. */
const isAsItIs = ({ source, resized, visible }: Geometry) =>
  resized.width === source.width &&
  resized.height === source.height &&
  visible.width === source.width &&
  visible.height === source.height;
