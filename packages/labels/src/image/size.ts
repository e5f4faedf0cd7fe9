// A picture's size as it is shown, from its first bytes: boxes are drawn on what people and models see.
import { inspect } from "./header.ts";
import type { Collection } from "../format/collection.ts";
import type { Size } from "../format/labelled.ts";
import { exif } from "./exif.ts";

/** Most pictures tell their size in here; one with much before it is read whole. */
const START = 65_536;

export async function measure(collection: Collection, file: string): Promise<Size | undefined> {
  const start = await collection.read(file, START);
  if (!start) return undefined;
  const early = sizeOf(start);
  if (early || start.byteLength < START) return early;
  const whole = await collection.read(file);
  return whole && sizeOf(whole);
}

export function sizeOf(bytes: Uint8Array): Size | undefined {
  const seen = inspect(bytes);
  const size = seen.kind === "image" ? seen : seen.kind === "truncated" ? seen.size : undefined;
  if (!size || size.width <= 0 || size.height <= 0) return undefined;
  const { width, height } = size;
  const turned = (exif(bytes.subarray(0, START)).orientation ?? 1) >= 5;
  return turned ? { width: height, height: width } : { width, height };
}
