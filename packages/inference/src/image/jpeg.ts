// Reads JPEG headers. Most requests are JPEGs, and asking a decoder for the size would open each image twice.
import type { Size } from "./geometry.ts";

export type JpegHeader =
  /** Unusual or broken headers: only a decoder can read the size. */
  | { kind: "unknown" }
  /** The size is known; libvips decodes it. */
  | { kind: "general"; size: Size }
  /** libjpeg-turbo may decode it: eight bits, gray or color, one scan, upright, no color profile, coarse quantizers. */
  | { kind: "simple"; size: Size; grey: boolean };

interface Segment {
  marker: number;
  /** Of the payload. */
  start: number;
  end: number;
}

interface Frame {
  width: number;
  height: number;
  components: number;
  sequential: boolean;
}

type Orientation = { kind: "absent" } | { kind: "broken" } | { kind: "known"; value: number };

const SCAN_START = 0xda;
const QUANTISATION_TABLES = 0xdb;
const APP1 = 0xe1;
const APP2 = 0xe2;
const UNKNOWN: JpegHeader = { kind: "unknown" };
/** The fast transform multiplies by quantizers rounded to quarters: at 1 the error is an eighth of a coefficient. */
const MIN_QUANTISER = 2;

/** The size is as seen upright. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let orientation: Orientation = { kind: "absent" };
  let frame: Frame | undefined;
  let simple = true;
  const result = (decodesFast: boolean): JpegHeader => {
    if (!frame) return UNKNOWN;
    const turned = orientation.kind === "known" && orientation.value >= 5;
    const { width, height, components } = frame;
    const size = turned ? { width: height, height: width } : { width, height };
    return decodesFast ? { kind: "simple", size, grey: components === 1 } : { kind: "general", size };
  };

  for (const { marker, start, end } of segmentsOf(view)) {
    if (marker === SCAN_START && frame) return result(simple && bytes[start] === frame.components);
    if (isFrameStart(marker)) {
      if (frame) return result(false);
      frame = readFrame(view, marker, start);
      if (frame.width === 0 || frame.height === 0) return UNKNOWN;
      simple &&= frame.sequential && (frame.components === 1 || frame.components === 3);
    }
    if (marker === APP1 && isExif(bytes, start)) {
      if (orientation.kind !== "absent" || frame) return result(false);
      orientation = readOrientation(view, start + 6, end);
      if (orientation.kind === "broken") return UNKNOWN;
      simple &&= orientation.kind === "absent" || orientation.value === 1;
    }
    // APP2 holds color profiles and further images.
    if (marker === APP2) simple = false;
    if (marker === QUANTISATION_TABLES) simple &&= hasCoarseQuantisers(bytes, start, end);
    // Markers without a length, fill bytes and a scan before its frame are left to the decoder.
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= SCAN_START) || marker === 0xff) return result(false);
  }
  return result(false);
}

function* segmentsOf(view: DataView): Generator<Segment> {
  for (let at = 2; at + 9 < view.byteLength && view.getUint8(at) === 0xff;) {
    const end = at + 2 + view.getUint16(at + 2);
    yield { marker: view.getUint8(at + 1), start: at + 4, end };
    at = end;
  }
}

const isFrameStart = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Baseline and extended sequential frames need one pass over the pixels, so their number bounds the work. */
function readFrame(view: DataView, marker: number, start: number): Frame {
  const eightBits = view.getUint8(start) === 8;
  return {
    height: view.getUint16(start + 1),
    width: view.getUint16(start + 3),
    components: view.getUint8(start + 5),
    sequential: eightBits && (marker === 0xc0 || marker === 0xc1),
  };
}

function hasCoarseQuantisers(bytes: Uint8Array, start: number, end: number): boolean {
  for (let table = start; table < end; table += 65) {
    // The high half of the first byte is not 0 for 16-bit quantizers.
    if (bytes[table]! > 0x0f || table + 65 > end || end > bytes.length) return false;
    for (let value = table + 1; value < table + 65; value++) if (bytes[value]! < MIN_QUANTISER) return false;
  }
  return true;
}

const isExif = (bytes: Uint8Array, at: number) =>
  String.fromCharCode(...bytes.subarray(at, at + 6)) === "Exif\0\0";

/** 1 where EXIF has no orientation tag. */
function readOrientation(view: DataView, start: number, end: number): Orientation {
  const broken: Orientation = { kind: "broken" };
  if (end > view.byteLength || start + 8 > end) return broken;
  const order = view.getUint16(start);
  if (order !== 0x4949 && order !== 0x4d4d) return broken;
  const little = order === 0x4949;
  const directory = start + view.getUint32(start + 4, little);
  if (directory + 2 > end) return broken;
  const entries = directory + 2 + view.getUint16(directory, little) * 12;
  if (entries > end) return broken;
  for (let entry = directory + 2; entry < entries; entry += 12) {
    if (view.getUint16(entry, little) !== 0x0112) continue;
    const value = view.getUint16(entry + 8, little);
    const isShort = view.getUint16(entry + 2, little) === 3 && view.getUint32(entry + 4, little) === 1;
    return isShort && value >= 1 && value <= 8 ? { kind: "known", value } : broken;
  }
  return { kind: "known", value: 1 };
}
