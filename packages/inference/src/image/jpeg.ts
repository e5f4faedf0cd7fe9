// The size of a JPEG by its headers. Most requests are JPEGs, and asking the decoder first would open each picture twice.
import type { Size } from "./geometry.ts";

const FRAME_START = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
const APP1 = 0xe1;
const SCAN_START = 0xda;

/** Width and height as seen upright, or nothing where the headers are unusual: then the decoder has to say. */
export function jpegSize(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let orientation: number | undefined;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1]!;
    if (FRAME_START(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      if (width === 0 || height === 0) return undefined;
      return (orientation ?? 1) < 5 ? { width, height } : { width: height, height: width };
    }
    if (marker === APP1 && isExif(bytes, at + 4)) {
      if (orientation !== undefined) return undefined;
      orientation = orientationOf(view, at + 10, at + 2 + view.getUint16(at + 2));
      if (orientation === undefined) return undefined;
    }
    // Markers without a length, fill bytes and a scan before its frame are left to the decoder.
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= SCAN_START) || marker === 0xff) return undefined;
  }
  return undefined;
}

const isExif = (bytes: Uint8Array, at: number) =>
  String.fromCharCode(...bytes.subarray(at, at + 6)) === "Exif\0\0";

/** 1 where the tag is missing; nothing where the structure is broken. */
function orientationOf(view: DataView, start: number, end: number): number | undefined {
  if (end > view.byteLength || start + 8 > end) return undefined;
  const order = view.getUint16(start);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const little = order === 0x4949;
  const directory = start + view.getUint32(start + 4, little);
  if (directory + 2 > end) return undefined;
  const entries = view.getUint16(directory, little);
  if (directory + 2 + entries * 12 > end) return undefined;
  for (let at = directory + 2; at < directory + 2 + entries * 12; at += 12) {
    if (view.getUint16(at, little) !== 0x0112) continue;
    const value = view.getUint16(at + 8, little);
    const short = view.getUint16(at + 2, little) === 3 && view.getUint32(at + 4, little) === 1;
    return short && value >= 1 && value <= 8 ? value : undefined;
  }
  return 1;
}
