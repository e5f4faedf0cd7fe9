// From a drawing to the file a camera or a scanner would have made of it.
import sharp from "sharp";
import { type Random } from "../random.ts";

export interface Lens {
  width: number;
  height: number;
  /** 1 is a clear day. */
  brightness: number;
  blur: number;
  /** The grain's strength in steps of brightness. */
  noise: number;
  format: "jpeg" | "png" | "webp";
  /** Of JPEG and WebP. */
  quality: number;
}

const TILE = 16_384;
const RUN = 4096;

export async function develop(svg: string, lens: Lens, chance: Random): Promise<Buffer> {
  const { width, height } = lens;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${svg}</svg>`;
  let image = sharp(Buffer.from(drawing)).removeAlpha();
  if (lens.brightness !== 1) image = image.modulate({ brightness: lens.brightness });
  if (lens.blur > 0) image = image.blur(lens.blur);
  const data = await image.raw().toBuffer();
  if (lens.noise > 0) grain(data, lens.noise, chance);
  const raw = sharp(data, { raw: { width, height, channels: 3 } });
  if (lens.format === "png") return raw.png({ compressionLevel: 4 }).toBuffer();
  return lens.format === "webp"
    ? raw.webp({ quality: lens.quality, effort: 1 }).toBuffer()
    : raw.jpeg({ quality: lens.quality }).toBuffer();
}

/** A tile of grain is laid over the picture, run by run at another offset: a fresh number a byte would cost more than all else. */
function grain(data: Buffer, strength: number, chance: Random) {
  const tile = Float32Array.from({ length: TILE }, () => (chance.next() + chance.next() - 1) * strength);
  const bytes = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  for (let from = 0; from < bytes.length; from += RUN) {
    const offset = chance.int(0, TILE - RUN);
    const end = Math.min(from + RUN, bytes.length);
    for (let at = from; at < end; at++) bytes[at]! += tile[offset + at - from]!;
  }
}

export const contentTypeOf = ({ format }: Lens) => `image/${format}`;
export const extensionOf = ({ format }: Lens) => (format === "jpeg" ? "jpg" : format);
