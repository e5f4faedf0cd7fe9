// What only decoding tells of a picture. sharp is native and loaded at the first picture: this is the one file of the
// domain that needs it, and a bundle must leave it external.
import { perceptualHash } from "./perceptual-hash.ts";

export interface Look {
  /** As shown: turned as the camera says. */
  width: number;
  height: number;
  /** Mean luma, 0 to 255. */
  brightness: number;
  /** Variance of the Laplacian at a set size: small for a picture without edges. */
  blur: number;
  /** 16 hex digits; alike pictures differ in few bits. */
  hash: string;
}

/** Pixels of the longer side: sharpness is comparable only at one size, and a photograph is decoded faster at less. */
const SIDE = 512;

/** Loaded at the first picture: most commands decode none. */
const loadSharp = async () => (await import("sharp")).default;

/** Throws with the decoder's reason where there is no picture to see. */
export async function decode(bytes: Uint8Array, maxPixels: number): Promise<Look> {
  const make = await loadSharp();
  // A picture cut off in its last rows must not pass as whole.
  const picture = make(bytes, { failOn: "truncated", limitInputPixels: maxPixels, sequentialRead: true });
  const { autoOrient } = await picture.metadata();
  const { data, info } = await picture
    .autoOrient()
    .flatten({ background: "#ffffff" })
    .resize(SIDE, SIDE, { fit: "inside", withoutEnlargement: true })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const grey = { data, width: info.width, height: info.height, step: info.channels };
  return {
    width: autoOrient.width,
    height: autoOrient.height,
    brightness: round(mean(grey)),
    blur: round(laplacianVariance(grey)),
    hash: perceptualHash(grey),
  };
}

/** One byte of luma every `step` bytes. */
export interface Grey {
  data: Uint8Array;
  width: number;
  height: number;
  step: number;
}

function mean({ data, width, height, step }: Grey): number {
  let sum = 0;
  for (let at = 0; at < width * height; at += 1) sum += data[at * step]!;
  return sum / (width * height);
}

function laplacianVariance({ data, width, height, step }: Grey): number {
  let [sum, squares, count] = [0, 0, 0];
  const row = width * step;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * row + x * step;
      const edge = data[at - row]! + data[at + row]! + data[at - step]! + data[at + step]! - 4 * data[at]!;
      sum += edge;
      squares += edge * edge;
      count += 1;
    }
  }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}

const round = (value: number) => Math.round(value * 100) / 100;
