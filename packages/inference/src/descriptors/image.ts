// Measures of an image for drift: brightness, contrast, sharpness, noise and color, and a coarse grid as its embedding.
import type { Size } from "../image/geometry.ts";

export interface ImageMeasures {
  /** Mean luma, 0 to 255. */
  brightness: number;
  /** Standard deviation of the luma. */
  contrast: number;
  /** Variance of the luma's Laplacian. 0 for an image of less than three pixels a side. */
  sharpness: number;
  /**
   * Standard deviation of the luma's noise, from the median of a difference of two Laplacians, in which edges cancel out:
   * Immerkær (1996). 0 for an image of less than three pixels a side.
   */
  noise: number;
  /** Mean saturation of HSV, 0 to 1. */
  saturation: number;
  /** Mean luma of 8 x 8 cells, row by row, as signed bytes: -128 is black. */
  grid: number[];
}

/** Pixels a side that are measured at most, so the cost does not depend on the model's input size. */
const MAX_SIDE = 64;
const GRID_SIDE = 8;
/** The difference of Laplacians of unit noise has a standard deviation of 6, and its absolute value this median. */
const NOISE_MEDIAN = 6 * 0.6745;
/** Steps of a level in which the median is found, and the largest difference: corners of black and white. */
const NOISE_STEPS = 4;
const MAX_DIFFERENCE = 8 * 255;
/** Luma of BT.601, in 256ths. */
const [RED, GREEN, BLUE] = [77, 150, 29] as const;

/** `pixels` are RGB bytes; `shift` is added to each luma. Every nth pixel of every nth row is measured, with its neighbors. */
export function measureImage(pixels: Uint8Array, { width, height }: Size, shift = 0): ImageMeasures {
  // Odd, so that it meets all positions in the 8 x 8 blocks of a JPEG.
  const stride = Math.ceil(Math.max(width, height) / MAX_SIDE) | 1;
  const row = width * 3;
  const hasInterior = width > 2 && height > 2;
  const border = hasInterior ? 1 : 0;
  const sums = new Float64Array(GRID_SIDE * GRID_SIDE);
  const counts = new Int32Array(GRID_SIDE * GRID_SIDE);
  const differences = new Int32Array(MAX_DIFFERENCE * NOISE_STEPS + 1);
  let [count, luma, lumaSquares, edges, edgeSquares, saturation] = [0, 0, 0, 0, 0, 0];
  for (let y = border; y < height - border; y += stride) {
    const cellRow = Math.floor((y * GRID_SIDE) / height) * GRID_SIDE;
    for (let x = border; x < width - border; x += stride) {
      const at = y * row + x * 3;
      const red = pixels[at]!;
      const green = pixels[at + 1]!;
      const blue = pixels[at + 2]!;
      const value = RED * red + GREEN * green + BLUE * blue;
      const cell = cellRow + Math.floor((x * GRID_SIDE) / width);
      sums[cell]! += value;
      counts[cell]!++;
      count++;
      luma += value;
      lumaSquares += value * value;
      const most = red > green ? (red > blue ? red : blue) : green > blue ? green : blue;
      const least = red < green ? (red < blue ? red : blue) : green < blue ? green : blue;
      if (most > 0) saturation += (most - least) / most;
      if (!hasInterior) continue;
      const edge = sumAround(pixels, at, 3, row) - 4 * value;
      edges += edge;
      edgeSquares += edge * edge;
      const diagonalEdge = sumAround(pixels, at, row - 3, row + 3) - 4 * value;
      differences[(Math.abs(diagonalEdge - 2 * edge) * NOISE_STEPS) >> 8]!++;
    }
  }
  const mean = luma / count / 256;
  return {
    brightness: Math.min(mean + shift, 255),
    contrast: Math.sqrt(varianceOf(lumaSquares, luma, count)),
    sharpness: varianceOf(edgeSquares, edges, count),
    noise: hasInterior ? medianOf(differences, count) / NOISE_MEDIAN : 0,
    saturation: saturation / count,
    grid: Array.from(sums, (sum, cell) => toGridByte(counts[cell] ? sum / counts[cell] / 256 : mean, shift)),
  };
}

/** Luma of four pixels around `at`, at these offsets before and after it. */
const sumAround = (pixels: Uint8Array, at: number, near: number, far: number) =>
  RED * (pixels[at - near]! + pixels[at + near]! + pixels[at - far]! + pixels[at + far]!) +
  GREEN * (pixels[at - near + 1]! + pixels[at + near + 1]! + pixels[at - far + 1]! + pixels[at + far + 1]!) +
  BLUE * (pixels[at - near + 2]! + pixels[at + near + 2]! + pixels[at - far + 2]! + pixels[at + far + 2]!);

/** In levels. */
function medianOf(differences: Int32Array, count: number): number {
  let step = 0;
  for (let below = differences[0]!; below * 2 < count; below += differences[step]!) step++;
  return step / NOISE_STEPS;
}

/** A cell without a measured pixel, in a small image, has the mean. */
const toGridByte = (value: number, shift: number) => Math.min(Math.round(value + shift), 255) - 128;

/** From sums in 256ths of a level. */
const varianceOf = (squares: number, sum: number, count: number) =>
  Math.max(squares / count - (sum / count) ** 2, 0) / 65_536;
