// A small JPEG straight to the numbers a model reads: libjpeg-turbo by itself, without libvips' threads and objects, which cost
// more than such a picture does.
import turbo from "@julusian/jpeg-turbo";
import type { ImageInput } from "../package.ts";
import { type Size, fit } from "./geometry.ts";
import { tablesOf, writeTensor } from "./tensor.ts";

/** A JPEG whose pixels go into the tensor as they are: its head is plain, and it needs no scaling, cutting or turning. */
export interface Sketch {
  jpeg: Uint8Array;
  grey: boolean;
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

/** Draws into a tensor, one picture after the other. Throws where the decoder has anything to say against the bytes. */
export function drawer(input: ImageInput) {
  const tables = {
    grey: tablesOf(input, ROUNDED_OFF.grey),
    colour: tablesOf(input, ROUNDED_OFF.colour),
  };
  const room = Buffer.alloc(input.width * input.height * 3);
  return ({ jpeg, grey, size }: Sketch, target: Float32Array): DrawTimes => {
    const started = performance.now();
    const { width, height } = decoded(jpeg, room);
    if (width !== size.width || height !== size.height)
      throw new Error(`the picture is ${width} x ${height}, and its headers say otherwise`);
    const drawn = performance.now();
    writeTensor(
      target,
      { pixels: room, geometry: fit(size, input) },
      input,
      grey ? tables.grey : tables.colour,
    );
    return { decodeMs: drawn - started, preprocessMs: performance.now() - drawn };
  };
}

function decoded(jpeg: Uint8Array, room: Buffer) {
  try {
    const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
    return turbo.decompressSync(bytes, room, { format: turbo.FORMAT_RGB });
  } catch (error) {
    // A mere warning is an error here too, and the binding does not hand over the library's words for it.
    throw new Error("libjpeg-turbo has something to say against the bytes", { cause: error });
  }
}
