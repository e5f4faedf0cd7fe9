// Draws and encodes images.
import sharp from "sharp";

/** Different seeds draw different scenes. */
export function scene(seed: number, { width = 160, height = 120, shift = 0 } = {}): Promise<Buffer> {
  let state = seed * 2_654_435_761 + 1;
  const next = () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 8) / 0xffffff;
  const shapes = Array.from({ length: 9 }, () => {
    const [x, y, side] = [next() * 160 + shift, next() * 120, 12 + next() * 50];
    return `<rect x="${x}" y="${y}" width="${side}" height="${side * (0.4 + next())}" fill="hsl(${next() * 360} 60% ${next() * 100}%)"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 160 120"><rect width="160" height="120" fill="hsl(${next() * 360} 40% 60%)"/>${shapes.join("")}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

export const jpeg = (png: Buffer, quality = 90) => sharp(png).jpeg({ quality }).toBuffer();
export const plain = (level: number) =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: { r: level, g: level, b: level } } })
    .png()
    .toBuffer();
