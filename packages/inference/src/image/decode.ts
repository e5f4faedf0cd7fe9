// Decodes an image to RGB pixels of the model's size. libvips uses its own threads, and scales JPEGs down while it decodes
// them: a large photo costs little more than a small one.
import sharp from "sharp";
import { InferenceError } from "../error.ts";
import type { ImageInput } from "../package.ts";
import { type Geometry, type Size, fitToInput } from "./geometry.ts";
import { detectImageType } from "./image-type.ts";
import { readJpegHeader } from "./jpeg.ts";

/** The cache holds decoded images for reuse; requests differ, so it would only hold memory. */
sharp.cache(false);

export interface DecodeLimits {
  maxPixels: number;
  timeoutSeconds: number;
}

export const DECODE_LIMITS: DecodeLimits = { maxPixels: 64_000_000, timeoutSeconds: 20 };

export interface DecodedImage {
  /** RGB, three bytes a pixel, `geometry.visible` in size. */
  pixels: Uint8Array;
  geometry: Geometry;
}

export async function decodeImage(
  bytes: Uint8Array,
  input: ImageInput,
  limits: DecodeLimits = DECODE_LIMITS,
): Promise<DecodedImage> {
  const type = detectImageType(bytes);
  if (!type)
    throw unreadable("the bytes are not a JPEG, PNG, WebP, GIF or TIFF image", "Send one of these formats.");
  try {
    // `error` rejects truncated images, and accepts the harmless oddities that cameras write.
    const image = sharp(bytes, { failOn: "error", limitInputPixels: false, sequentialRead: true });
    const header = type === "jpeg" ? readJpegHeader(bytes) : undefined;
    const source: Size =
      header && header.kind !== "unknown" ? header.size : (await image.metadata()).autoOrient;
    const { width, height } = source;
    if (!width || !height) throw unreadable("it has no width or height", "Send a whole image.");
    if (width * height > limits.maxPixels) throw tooLarge(width, height, limits.maxPixels);

    const geometry = fitToInput(source, input);
    const { resized, cut, visible } = geometry;
    image
      .autoOrient()
      .resize(resized.width, resized.height, { fit: "fill", kernel: input.kernel })
      .flatten({ background: "#fff" })
      .toColourspace("srgb")
      .timeout({ seconds: limits.timeoutSeconds });
    if (visible.width !== resized.width || visible.height !== resized.height)
      image.extract({ ...cut, ...visible });
    const { data, info } = await image.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return { pixels: info.channels === 1 ? greyToRgb(data) : data, geometry };
  } catch (error) {
    if (error instanceof InferenceError) throw error;
    const reason = (error as Error).message.split("\n")[0]!.trim();
    throw unreadable(
      reason,
      "Open the file in an image viewer and save it again, then upload it whole.",
      error,
    );
  }
}

function greyToRgb(grey: Uint8Array) {
  const pixels = new Uint8Array(grey.length * 3);
  for (let index = 0; index < grey.length; index++) pixels.fill(grey[index]!, index * 3, index * 3 + 3);
  return pixels;
}

function unreadable(reason: string, hint: string, cause?: unknown) {
  return new InferenceError("IMAGE_UNREADABLE", 400, `The image cannot be read: ${reason}.`, hint, cause);
}

function tooLarge(width: number, height: number, maxPixels: number) {
  return new InferenceError(
    "IMAGE_TOO_LARGE",
    413,
    `The image is ${width} x ${height}, ${width * height} pixels; the limit is ${maxPixels}.`,
    "Scale the image down before sending it.",
  );
}
