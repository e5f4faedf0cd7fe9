// Measures an image by decoding it. Only this file uses sharp: it is native, so bundles must leave it external.
import type { Grey } from "./grey.ts";
import { perceptualHash } from "./perceptual-hash.ts";

export interface DecodedImage {
  /** After rotation by the EXIF orientation. */
  width: number;
  height: number;
  /** Mean luma, 0 to 255. */
  brightness: number;
  /** Variance of the Laplacian at a fixed size: low for a blurred image. */
  blur: number;
  /** The perceptual hash, 16 hex digits. Similar images differ in few bits. */
  hash: string;
}

/** Pixels of the longer side. Sharpness is comparable at one size only, and small images decode faster. */
const SIDE = 512;

/** Loaded on first use: most commands decode no images. */
const loadSharp = async () => (await import("sharp")).default;

/** Throws the decoder's error for a broken image. */
export async function decodeImage(bytes: Uint8Array, maxPixels: number): Promise<DecodedImage> {
  const sharp = await loadSharp();
  // Sharp accepts images without their last rows by default.
  const image = sharp(bytes, { failOn: "truncated", limitInputPixels: maxPixels, sequentialRead: true });
  const { autoOrient } = await image.metadata();
  const { data, info } = await image
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
