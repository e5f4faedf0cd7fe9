// A perceptual hash (pHash): compares the 64 lowest frequencies with their median. A difference hash (dHash) would
// contain noise in flat areas. Frequencies survive scaling, compression and changes of brightness.
import type { Grey } from "./grey.ts";

const GRID = 32;
const FREQUENCIES = 8;

/** cos((2x + 1) u pi / 64) for the eight frequencies after the constant. */
const COSINES = Float64Array.from({ length: FREQUENCIES * GRID }, (_, at) => {
  const [u, x] = [Math.floor(at / GRID) + 1, at % GRID];
  return Math.cos(((2 * x + 1) * u * Math.PI) / (2 * GRID));
});

export function perceptualHash(grey: Grey): string {
  const small = shrink(grey);
  const rows = new Float64Array(GRID * FREQUENCIES);
  for (let y = 0; y < GRID; y += 1)
    for (let u = 0; u < FREQUENCIES; u += 1) {
      let sum = 0;
      for (let x = 0; x < GRID; x += 1) sum += small[y * GRID + x]! * COSINES[u * GRID + x]!;
      rows[y * FREQUENCIES + u] = sum;
    }
  const frequencies = new Float64Array(FREQUENCIES * FREQUENCIES);
  for (let v = 0; v < FREQUENCIES; v += 1)
    for (let u = 0; u < FREQUENCIES; u += 1) {
      let sum = 0;
      for (let y = 0; y < GRID; y += 1) sum += rows[y * FREQUENCIES + u]! * COSINES[v * GRID + y]!;
      frequencies[v * FREQUENCIES + u] = sum;
    }
  const middle = median(frequencies);
  let hash = "";
  for (let at = 0; at < frequencies.length; at += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit += 1) digit = (digit << 1) | (frequencies[at + bit]! > middle ? 1 : 0);
    hash += digit.toString(16);
  }
  return hash;
}

/** Scales to 32 by 32 pixels: the mean of each field. */
function shrink({ data, width, height, step }: Grey): Float64Array {
  const small = new Float64Array(GRID * GRID);
  const edge = (at: number, length: number) => Math.floor((at * length) / GRID);
  for (let row = 0; row < GRID; row += 1) {
    const [top, bottom] = [edge(row, height), Math.max(edge(row, height) + 1, edge(row + 1, height))];
    for (let column = 0; column < GRID; column += 1) {
      const [left, right] = [edge(column, width), Math.max(edge(column, width) + 1, edge(column + 1, width))];
      let sum = 0;
      for (let y = top; y < bottom; y += 1)
        for (let x = left; x < right; x += 1) sum += data[(y * width + x) * step]!;
      small[row * GRID + column] = sum / ((bottom - top) * (right - left));
    }
  }
  return small;
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  return (sorted[31]! + sorted[32]!) / 2;
}
