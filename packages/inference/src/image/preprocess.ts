// Writes images into the input tensor, on the model's thread. Small JPEGs are decoded here, by libjpeg-turbo: the threads and
// objects of libvips cost more than such an image does.
import turbo from "@julusian/jpeg-turbo";
import { type ImageMeasures, measureImage } from "../descriptors/image.ts";
import { FastDecodeError } from "../error.ts";
import type { ImageInput } from "../package.ts";
import { type Size, fitToInput } from "./geometry.ts";
import { imageTensor, tensorLength, valueTables } from "./image-tensor.ts";

export interface EncodedImage {
  /** `rgb` are the pixels that `decode` returned; a JPEG is one that `decodesFast`. */
  type: "rgb" | "jpeg" | "grey-jpeg";
  data: Uint8Array;
  /** Of the source image. */
  size: Size;
}

export interface PreprocessTimes {
  decodeMs: number;
  preprocessMs: number;
}

export interface WrittenImage extends PreprocessTimes {
  measures: ImageMeasures;
}

/** Red, green and blue lose the same luma. */
const LUMA_LOSS = 0.5;
/**
 * libjpeg-turbo's fast transform rounds down: half a level is lost on average in luma and both chroma channels. These are the
 * same losses in red, green and blue.
 */
const ROUNDING_LOSS = {
  grey: [0.5, 0.5, 0.5],
  colour: [0.5 + 0.5 * 1.402, 0.5 - 0.5 * (0.344 + 0.714), 0.5 + 0.5 * 1.772],
} as const;

export type Preprocessor = ReturnType<typeof createPreprocessor>;

export function createPreprocessor(input: ImageInput, images = 1) {
  const { width, height, layout } = input;
  const tables = {
    rgb: valueTables(input),
    jpeg: valueTables(input, ROUNDING_LOSS.colour),
    "grey-jpeg": valueTables(input, ROUNDING_LOSS.grey),
  };
  const tensor = imageTensor(input, images);
  const decoded = Buffer.alloc(tensorLength(input));
  return {
    /** Holds as many images as may run together. */
    tensor: tensor.data,
    /** The shape of one image. */
    dims: layout === "NCHW" ? [1, 3, height, width] : [1, height, width, 3],
    /** Writes one image at `index`. Throws FastDecodeError where the JPEG decoder reports an error or a warning. */
    write({ type, data, size }: EncodedImage, index: number): WrittenImage {
      const started = performance.now();
      const pixels = type === "rgb" ? data : decompress(data, size, decoded);
      const decodedAt = performance.now();
      const geometry = fitToInput(size, input);
      tensor.write(index, pixels, geometry, tables[type]);
      const measures = measureImage(pixels, geometry.visible, type === "rgb" ? 0 : LUMA_LOSS);
      return { decodeMs: decodedAt - started, preprocessMs: performance.now() - decodedAt, measures };
    },
  };
}

/** Reuses `target`: the system hands out fresh pages more slowly than pixels fill them. */
function decompress(jpeg: Uint8Array, size: Size, target: Buffer): Uint8Array {
  const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  const found = ((): Size => {
    try {
      return turbo.decompressSync(bytes, target, { format: turbo.FORMAT_RGB });
    } catch (error) {
      // The binding throws for warnings too, and does not pass on the library's text.
      throw new FastDecodeError("libjpeg-turbo reports an error or a warning", { cause: error });
    }
  })();
  if (found.width !== size.width || found.height !== size.height)
    throw new FastDecodeError(
      `The JPEG decodes to ${found.width} x ${found.height}, but its header states ${size.width} x ${size.height}`,
    );
  return target;
}
