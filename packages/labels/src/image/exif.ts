// The two facts of a camera's EXIF block that a dataset needs: how the picture is turned, and when it was taken.
import { reader, TooShort } from "./bytes.ts";

export interface Exif {
  /** 1 to 8; from 5 on width and height change places when the picture is shown. */
  orientation?: number;
  /** Epoch ms; cameras give no time zone, so it is of use only beside another of the same camera. */
  takenAt?: number;
}

const ORIENTATION = 0x0112;
const DATE_TIME = 0x0132;
const SUB_DIRECTORY = 0x8769;
const DATE_TIME_ORIGINAL = 0x9003;
const MARK = Buffer.from("Exif\0\0", "latin1");

/** From a JPEG's first bytes or from the block itself; what is damaged says nothing. */
export function exif(bytes: Uint8Array): Exif {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(MARK);
  const block = at < 0 ? bytes : bytes.subarray(at + MARK.length);
  try {
    return read(block);
  } catch (error) {
    if (error instanceof TooShort) return {};
    throw error;
  }
}

function read(block: Uint8Array): Exif {
  const r = reader(block);
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
        found.takenAt = instant(r.ascii(r.u32(entry + 8, little), 19)) ?? found.takenAt;
    }
  };
  directory(r.u32(4, little), 0);
  return found;
}

function instant(written: string): number | undefined {
  const [, date, time] = /^(\d{4}:\d{2}:\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(written) ?? [];
  const at = Date.parse(`${date?.replaceAll(":", "-")}T${time}Z`);
  return Number.isNaN(at) ? undefined : at;
}
