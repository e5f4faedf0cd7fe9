// What a JPEG's headers say. Most requests are JPEGs, and asking the decoder first would open each picture twice.
import type { Size } from "./geometry.ts";

export interface JpegHead {
  /** As seen upright. */
  size: Size;
  /**
   * Whether the plain decoder may draw it: eight bits, grey or colour, one scan, upright, without a colour profile, and not
   * stored so finely that its quick arithmetic shows. Everything else is libvips' work.
   */
  plain: boolean;
  grey: boolean;
}

const FRAME_START = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
/** Baseline and extended sequential: one pass over the pixels, so their number bounds the work. */
const SEQUENTIAL = (marker: number) => marker === 0xc0 || marker === 0xc1;
const TABLES = 0xdb;
const SCAN_START = 0xda;
const APP1 = 0xe1;
const APP2 = 0xe2;
/** The quick transform multiplies by quantisers rounded to quarters: by 1 that is an eighth of a coefficient too much. */
const LEAST_QUANTISER = 2;

/** Nothing where the headers are unusual: then the decoder has to say. */
export function jpegHead(bytes: Uint8Array): JpegHead | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let orientation: number | undefined;
  let head: JpegHead | undefined;
  let parts = 0;
  let plain = true;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1]!;
    if (marker === SCAN_START && head) return { ...head, plain: plain && bytes[at + 4] === parts };
    if (FRAME_START(marker)) {
      if (head) return { ...head, plain: false };
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      if (width === 0 || height === 0) return undefined;
      parts = bytes[at + 9]!;
      plain &&= SEQUENTIAL(marker) && bytes[at + 4] === 8 && (parts === 1 || parts === 3);
      const size = (orientation ?? 1) < 5 ? { width, height } : { width: height, height: width };
      head = { size, plain: false, grey: parts === 1 };
    }
    if (marker === APP1 && isExif(bytes, at + 4)) {
      if (orientation !== undefined || head) return head;
      orientation = orientationOf(view, at + 10, at + 2 + view.getUint16(at + 2));
      if (orientation === undefined) return undefined;
      plain &&= orientation === 1;
    }
    // Colour profiles, and pictures beside the picture.
    if (marker === APP2) plain = false;
    if (marker === TABLES) plain &&= coarse(bytes, at + 4, at + 2 + view.getUint16(at + 2));
    // Markers without a length, fill bytes and a scan before its frame are left to the decoder.
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= SCAN_START) || marker === 0xff) return head;
  }
  return head;
}

/** Whether all tables of a segment hold eight-bit quantisers that are large enough. */
function coarse(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 65) {
    if (bytes[at]! > 0x0f || at + 65 > end || end > bytes.length) return false;
    for (let value = at + 1; value < at + 65; value++) if (bytes[value]! < LEAST_QUANTISER) return false;
  }
  return true;
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
