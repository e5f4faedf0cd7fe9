// Reads orientation and time from a camera's EXIF block.
import { byteReader, EndOfData } from "./byte-reader.ts";

export interface Exif {
  /** 1 to 8. From 5 on, width and height are swapped when the image is shown. */
  orientation?: number;
  /** Epoch ms without a time zone: comparable with images of the same camera only. */
  takenAt?: number;
}

const ORIENTATION = 0x0112;
const DATE_TIME = 0x0132;
const SUB_DIRECTORY = 0x8769;
const DATE_TIME_ORIGINAL = 0x9003;
const MARK = Buffer.from("Exif\0\0", "latin1");

/** Accepts a JPEG's first bytes or the block itself. Returns nothing for a damaged block. */
export function readExif(bytes: Uint8Array): Exif {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(MARK);
  const block = at < 0 ? bytes : bytes.subarray(at + MARK.length);
  try {
    return readBlock(block);
  } catch (error) {
    if (error instanceof EndOfData) return {};
    throw error;
  }
}

function readBlock(block: Uint8Array): Exif {
  const r = byteReader(block);
  const order = r.ascii(0, 2);
  if (order !== "II" && order !== "MM") return {};
  const little = order === "II";
  const found: Exif = {};
  const directory = (start: number, depth: number) => {
    const count = r.u16(start, little);
    for (let index = 0; index < count; index += 1) {
      const entry = start + 2 + index * 12;
      const tag = r.u16(entry, little);
      if (tag === ORIENTATION) found.orientation = r.u16(entry + 8, little);
      else if (tag === SUB_DIRECTORY && depth === 0) directory(r.u32(entry + 8, little), 1);
      else if (tag === DATE_TIME_ORIGINAL || (tag === DATE_TIME && found.takenAt === undefined))
        found.takenAt = parseDateTime(r.ascii(r.u32(entry + 8, little), 19)) ?? found.takenAt;
    }
  };
  directory(r.u32(4, little), 0);
  return found;
}

function parseDateTime(written: string): number | undefined {
  const [, date, time] = /^(\d{4}:\d{2}:\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(written) ?? [];
  const at = Date.parse(`${date?.replaceAll(":", "-")}T${time}Z`);
  return Number.isNaN(at) ? undefined : at;
}
