// Reads type and size from an image's header. Pure TypeScript: function bundles have no native decoder.
import { byteReader, EndOfData, type ByteReader } from "./byte-reader.ts";

export type ImageType = "image/jpeg" | "image/png" | "image/gif" | "image/webp" | "image/bmp" | "image/tiff";
export interface Header {
  width: number;
  height: number;
}

export type HeaderInspection =
  | { kind: "image"; type: ImageType; width: number; height: number }
  /** The size is known if the header is complete. */
  | { kind: "truncated"; type: ImageType; size?: Header }
  | { kind: "broken"; type: ImageType; reason: string }
  | { kind: "unknown" };

const parsers: {
  type: ImageType;
  matches: (r: ByteReader) => boolean;
  parse: (r: ByteReader, bytes: Uint8Array, found: (size: Header) => void) => Header;
}[] = [
  { type: "image/jpeg", matches: (r) => r.u16(0) === 0xffd8, parse: jpeg },
  { type: "image/png", matches: (r) => r.u32(0) === 0x89504e47, parse: png },
  { type: "image/gif", matches: (r) => /^GIF8[79]a$/.test(r.ascii(0, 6)), parse: gif },
  { type: "image/webp", matches: (r) => r.ascii(0, 4) === "RIFF" && r.ascii(8, 4) === "WEBP", parse: webp },
  { type: "image/bmp", matches: (r) => r.ascii(0, 2) === "BM", parse: bmp },
  { type: "image/tiff", matches: (r) => ["II*\0", "MM\0*"].includes(r.ascii(0, 4)), parse: tiff },
];

export function inspectHeader(bytes: Uint8Array): HeaderInspection {
  const r = byteReader(bytes);
  for (const { type, matches, parse } of parsers) {
    try {
      if (!matches(r)) continue;
    } catch {
      continue;
    }
    let size: Header | undefined;
    try {
      const { width, height } = parse(r, bytes, (known) => (size = known));
      if (width <= 0 || height <= 0)
        return { kind: "broken", type, reason: `its size is ${width} by ${height} pixels` };
      return { kind: "image", type, width, height };
    } catch (error) {
      if (error instanceof EndOfData) return { kind: "truncated", type, size };
      return { kind: "broken", type, reason: error instanceof Error ? error.message : String(error) };
    }
  }
  return { kind: "unknown" };
}

type Found = (size: Header) => void;

function jpeg(r: ByteReader, bytes: Uint8Array, found: Found): Header {
  let offset = 2;
  let size: Header | undefined;
  for (;;) {
    if (r.u8(offset) !== 0xff) throw new Error(`no marker at byte ${offset}`);
    const marker = r.u8(offset + 1);
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    if (marker === 0xd9) throw new Error("it ends before the image data");
    const standalone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
    if (standalone) {
      offset += 2;
      continue;
    }
    const length = r.u16(offset + 2);
    if (length < 2) throw new Error(`a segment of ${length} bytes at byte ${offset}`);
    // C0 to CF start a frame, except the tables C4, C8 and CC.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      size = { height: r.u16(offset + 5), width: r.u16(offset + 7) };
      found(size);
    }
    if (marker === 0xda) break;
    offset += 2 + length;
  }
  if (!size) throw new Error("a scan before any frame");
  if (
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf(Buffer.from([0xff, 0xd9])) <
    offset
  ) {
    throw new EndOfData("no end marker");
  }
  return size;
}

function png(r: ByteReader, _bytes: Uint8Array, found: Found): Header {
  if (r.u32(4) !== 0x0d0a1a0a) throw new Error("its signature is damaged, as by a text-mode transfer");
  if (r.ascii(12, 4) !== "IHDR") throw new Error("no IHDR chunk at its start");
  const size = { width: r.u32(16), height: r.u32(20) };
  found(size);
  let data = false;
  for (let offset = 8; ;) {
    const length = r.u32(offset);
    const name = r.ascii(offset + 4, 4);
    r.u32(offset + 8 + length); // the chunk's checksum must exist
    if (name === "IEND") break;
    if (name === "IDAT") data = true;
    offset += 12 + length;
  }
  if (!data) throw new Error("no pixel data");
  return size;
}

function gif(r: ByteReader, _bytes: Uint8Array, found: Found): Header {
  let end = r.length - 1;
  while (end > 13 && r.u8(end) === 0) end -= 1;
  const size = { width: r.u16(6, true), height: r.u16(8, true) };
  found(size);
  if (end <= 13 || r.u8(end) !== 0x3b) throw new EndOfData("no trailer");
  return size;
}

function webp(r: ByteReader): Header {
  if (r.u32(4, true) + 8 > r.length) throw new EndOfData("shorter than its container states");
  const chunk = r.ascii(12, 4);
  if (chunk === "VP8X") return { width: r.u24(24) + 1, height: r.u24(27) + 1 };
  if (chunk === "VP8 ") return { width: r.u16(26, true) & 0x3fff, height: r.u16(28, true) & 0x3fff };
  if (chunk !== "VP8L") throw new Error("no image chunk");
  if (r.u8(20) !== 0x2f) throw new Error("a damaged lossless header");
  const bits = r.u32(21, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function bmp(r: ByteReader): Header {
  const pixels = r.u32(10, true);
  const old = r.u32(14, true) === 12;
  const width = old ? r.u16(18, true) : r.i32(18, true);
  const height = Math.abs(old ? r.u16(20, true) : r.i32(22, true));
  const depth = r.u16(old ? 24 : 28, true);
  const plain = old || [0, 3].includes(r.u32(30, true));
  // Rows are padded to four bytes.
  const needed = plain ? pixels + Math.ceil((width * depth) / 32) * 4 * height : pixels + 1;
  if (width > 0 && needed > r.length) throw new EndOfData("fewer rows than the header states");
  return { width, height };
}

function tiff(r: ByteReader): Header {
  const little = r.ascii(0, 2) === "II";
  const directory = r.u32(4, little);
  const size: Header = { width: 0, height: 0 };
  const count = r.u16(directory, little);
  for (let index = 0; index < count; index += 1) {
    const entry = directory + 2 + index * 12;
    const tag = r.u16(entry, little);
    if (tag !== 256 && tag !== 257) continue;
    const value = r.u16(entry + 2, little) === 3 ? r.u16(entry + 8, little) : r.u32(entry + 8, little);
    size[tag === 256 ? "width" : "height"] = value;
  }
  return size;
}
