// SVG scenes: what every drawn sample shares.
import sharp from "sharp";
import type { Random } from "../random.ts";

export interface Colour {
  hue: number;
  saturation: number;
  light: number;
}

export const css = ({ hue, saturation, light }: Colour) =>
  `hsl(${hue.toFixed(0)} ${saturation.toFixed(0)}% ${light.toFixed(0)}%)`;

/** The same colour as another day's light shows it. */
export const vary = (colour: Colour, chance: Random, by = 1): string =>
  css({
    hue: colour.hue + chance.between(-8, 8) * by,
    saturation: Math.max(0, colour.saturation + chance.between(-10, 10) * by),
    light: Math.min(97, Math.max(3, colour.light + chance.between(-6, 6) * by)),
  });

export const rect = (x: number, y: number, width: number, height: number, fill: string, more = "") =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${fill}" ${more}/>`;

export const ellipse = (cx: number, cy: number, rx: number, ry: number, fill: string, more = "") =>
  `<ellipse cx="${n(cx)}" cy="${n(cy)}" rx="${n(rx)}" ry="${n(ry)}" fill="${fill}" ${more}/>`;

export const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, width: number) =>
  `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}" stroke="${stroke}" stroke-width="${n(width)}" stroke-linecap="round"/>`;

export const polygon = (points: [number, number][], fill: string, more = "") =>
  `<polygon points="${points.map(([x, y]) => `${n(x)},${n(y)}`).join(" ")}" fill="${fill}" ${more}/>`;

export const group = (transform: string, ...parts: string[]) =>
  `<g transform="${transform}">${parts.join("")}</g>`;

export const n = (value: number) => value.toFixed(2);

export interface Camera {
  width: number;
  height: number;
  /** 1 is a clear day. */
  brightness: number;
  blur: number;
  noise: number;
  quality: number;
}

export function camera(chance: Random, width: number, height: number): Camera {
  return {
    width,
    height,
    brightness: chance.between(0.75, 1.2),
    blur: chance.chance(0.3) ? chance.between(0.4, 1.2) : 0,
    noise: chance.between(0, 14),
    quality: chance.int(70, 92),
  };
}

/** The scene as a JPEG, as that camera would take it. */
export async function photograph(parts: string[], seen: Camera, chance: Random): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${seen.width}" height="${seen.height}">${parts.join("")}</svg>`;
  let image = sharp(Buffer.from(svg)).removeAlpha().modulate({ brightness: seen.brightness });
  if (seen.blur > 0) image = image.blur(seen.blur);
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  for (let at = 0; at < data.length; at++) {
    const grain = (chance.next() - 0.5) * seen.noise;
    data[at] = Math.min(255, Math.max(0, data[at]! + grain));
  }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .jpeg({ quality: seen.quality })
    .toBuffer();
}
