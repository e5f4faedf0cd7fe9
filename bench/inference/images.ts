// The requests: images from a formula, so that all measurements use the same bytes.
import sharp from "sharp";

/** A square JPEG of soft shapes with a photo's detail: 17 KB at 224, 76 KB at 640, 1.2 MB at 4,000. */
export async function photo(side: number): Promise<Buffer> {
  const small = Buffer.from(
    Array.from({ length: 48 * 48 * 3 }, (_, at) => (Math.imul(at, 2_654_435_761) >>> 16) & 255),
  );
  return sharp(small, { raw: { width: 48, height: 48, channels: 3 } })
    .resize(side, side, { kernel: "cubic" })
    .jpeg({ quality: 85 })
    .toBuffer();
}
