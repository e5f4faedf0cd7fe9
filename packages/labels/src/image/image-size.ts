// Reads the size of an image from its header, after rotation by EXIF: boxes refer to the image as shown.
import { inspectHeader } from "./header.ts";
import type { Collection } from "../format/collection.ts";
import type { Size } from "../format/sample.ts";
import { readExif } from "./exif.ts";

/** Most headers are in these bytes. For others, the whole file is read. */
const HEADER_BYTES = 65_536;

export async function readImageSize(collection: Collection, file: string): Promise<Size | undefined> {
  const start = await collection.read(file, HEADER_BYTES);
  if (!start) return undefined;
  const size = imageSizeOf(start);
  if (size || start.byteLength < HEADER_BYTES) return size;
  const whole = await collection.read(file);
  return whole && imageSizeOf(whole);
}

export function imageSizeOf(bytes: Uint8Array): Size | undefined {
  const header = inspectHeader(bytes);
  const size = header.kind === "image" ? header : header.kind === "truncated" ? header.size : undefined;
  if (!size || size.width <= 0 || size.height <= 0) return undefined;
  const { width, height } = size;
  const isRotated = (readExif(bytes.subarray(0, HEADER_BYTES)).orientation ?? 1) >= 5;
  return isRotated ? { width: height, height: width } : { width, height };
}
