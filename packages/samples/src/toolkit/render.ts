// Renders an SVG as the file of a camera or a scanner.
import sharp from "sharp";
import type { Random } from "./random.ts";

export interface ImageSettings {
  width: number;
  height: number;
  /** 1 changes nothing. */
  brightness: number;
  blur: number;
  /** In levels of brightness. */
  noise: number;
  format: "jpeg" | "png" | "webp";
  /** Of JPEG and WebP. */
  quality: number;
}

const TILE = 16_384;
const RUN = 4096;

export async function renderImage(svg: string, settings: ImageSettings, chance: Random): Promise<Buffer> {
  const { width, height } = settings;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${svg}</svg>`;
  let image = sharp(Buffer.from(drawing)).removeAlpha();
  if (settings.brightness !== 1) image = image.modulate({ brightness: settings.brightness });
  if (settings.blur > 0) image = image.blur(settings.blur);
  const data = await image.raw().toBuffer();
  if (settings.noise > 0) addNoise(data, settings.noise, chance);
  const raw = sharp(data, { raw: { width, height, channels: 3 } });
  if (settings.format === "png") return raw.png({ compressionLevel: 4 }).toBuffer();
  return settings.format === "webp"
    ? raw.webp({ quality: settings.quality, effort: 1 }).toBuffer()
    : raw.jpeg({ quality: settings.quality }).toBuffer();
}

/** Reuses a tile of noise at random offsets: a random number for each byte would cost more than the rendering. */
function addNoise(data: Buffer, strength: number, chance: Random) {
  const tile = Float32Array.from({ length: TILE }, () => (chance.next() + chance.next() - 1) * strength);
  const bytes = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  for (let from = 0; from < bytes.length; from += RUN) {
    const offset = chance.int(0, TILE - RUN);
    const end = Math.min(from + RUN, bytes.length);
    for (let at = from; at < end; at++) bytes[at]! += tile[offset + at - from]!;
  }
}

export const contentTypeOf = ({ format }: ImageSettings) => `image/${format}`;
export const extensionOf = ({ format }: ImageSettings) => (format === "jpeg" ? "jpg" : format);
