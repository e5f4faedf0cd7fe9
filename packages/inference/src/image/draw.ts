// A picture to the numbers a model reads, on the model's thread. What libvips has decoded is only written there; a small JPEG
// is decoded too, by libjpeg-turbo alone: libvips' threads and objects cost more than such a picture does.
import turbo from "@julusian/jpeg-turbo";
import type { ImageInput } from "../package.ts";
import { NotDrawn } from "../session/feeds.ts";
import { type Size, fit } from "./geometry.ts";
import { canvas, factorsOf } from "./canvas.ts";

export interface Picture {
  /**
   * Either `decode`'s pixels, or a JPEG whose pixels go into the tensor as they are: its head is plain, and it needs no
   * scaling, cutting or turning.
   */
  type: "rgb" | "jpeg";
  data: Uint8Array;
  grey: boolean;
  /** Of the source. */
  size: Size;
}

export interface DrawTimes {
  decodeMs: number;
  preprocessMs: number;
}

/**
 * The library's quick transform rounds down: half a level too little, on the mean, in lightness and in both colour
 * differences. In red, green and blue that is this much. (Where there is no colour at all nothing was lost in it: such a
 * picture gets less than a level of tint.)
 */
const ROUNDED_OFF = {
  grey: [0.5, 0.5, 0.5],
  colour: [0.5 + 0.5 * 1.402, 0.5 - 0.5 * (0.344 + 0.714), 0.5 + 0.5 * 1.772],
} as const;

export interface Drawer {
  /** The numbers of as many pictures as may run together. */
  tensor: Float32Array;
  /** The shape of one. */
  dims: number[];
  /** Draws the `at`-th. Throws where the JPEG decoder has anything to say against the bytes. */
  draw(picture: Picture, at: number): DrawTimes;
}

export function drawer(input: ImageInput, pictures = 1): Drawer {
  const factors = {
    whole: factorsOf(input),
    grey: factorsOf(input, ROUNDED_OFF.grey),
    colour: factorsOf(input, ROUNDED_OFF.colour),
  };
  const { pixels, tensor, write } = canvas(input, pictures);
  return {
    tensor,
    dims: input.layout === "NCHW" ? [1, 3, input.height, input.width] : [1, input.height, input.width, 3],
    draw({ type, data, grey, size }, at) {
      const started = performance.now();
      if (type === "jpeg") decompress(data, size, pixels);
      else pixels.set(data);
      const drawn = performance.now();
      write(at, fit(size, input), type === "rgb" ? factors.whole : grey ? factors.grey : factors.colour);
      return { decodeMs: drawn - started, preprocessMs: performance.now() - drawn };
    },
  };
}

function decompress(jpeg: Uint8Array, size: Size, room: Buffer) {
  const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  let found: Size;
  try {
    found = turbo.decompressSync(bytes, room, { format: turbo.FORMAT_RGB });
  } catch (error) {
    // A mere warning is an error here too, and the binding does not hand over the library's words for it.
    throw new NotDrawn("libjpeg-turbo has something to say against the bytes", { cause: error });
  }
  if (found.width !== size.width || found.height !== size.height)
    throw new NotDrawn(`the picture is ${found.width} x ${found.height}, and its headers say otherwise`);
}
