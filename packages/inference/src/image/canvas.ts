// Pixels to the numbers a model reads, in memory that both WebAssembly and ONNX Runtime reach.
import type { ImageInput } from "../package.ts";
import type { Geometry } from "./geometry.ts";
import {
  FACTOR_BYTES,
  type Factors,
  PIXELS_AT_ONCE,
  STRIP_BYTES,
  kernelFor,
  orderOf,
  vectorsOf,
} from "./kernel.ts";

/** For one number, and for many at once. */
export interface CanvasFactors extends Factors {
  vectors: Float32Array;
}

export interface Canvas {
  /** Room for a picture as large as the model's input: red, green and blue of every pixel, `geometry.visible` in size. */
  pixels: Buffer;
  /** The numbers of all pictures. */
  tensor: Float32Array;
  /** Writes what is in `pixels` as the picture `at`. */
  write(at: number, geometry: Geometry, factors: CanvasFactors): void;
}

const PAGE_BYTES = 65_536;
const aligned = (bytes: number) => Math.ceil(bytes / 64) * 64;

export const tensorLength = (input: ImageInput) => input.width * input.height * 3;

/** `missing` is what the pixels' red, green and blue lack of the picture's. */
export function factorsOf(
  input: ImageInput,
  missing: readonly [number, number, number] = [0, 0, 0],
): CanvasFactors {
  const { scale, mean, std } = input.normalise;
  const each = (of: (channel: 0 | 1 | 2) => number) => Float32Array.from(orderOf(input), of);
  const factors = {
    lack: Float32Array.from(missing),
    scale: each((channel) => scale / std[channel]),
    offset: each((channel) => -mean[channel] / std[channel]),
  };
  return { ...factors, vectors: vectorsOf(factors, input) };
}

/** For so many pictures that run together. */
export function canvas(input: ImageInput, pictures = 1): Canvas {
  const { width, height, layout } = input;
  const length = tensorLength(input);
  const plane = width * height;
  const order = orderOf(input);
  const pixelsAt = aligned(FACTOR_BYTES);
  const tensorAt = aligned(pixelsAt + length);
  const bytes = tensorAt + length * pictures * Float32Array.BYTES_PER_ELEMENT;
  // The system only gives pages that something is written to.
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  const run = kernelFor(input)(memory);
  const inMemory = new Float32Array(memory.buffer, 0, FACTOR_BYTES / Float32Array.BYTES_PER_ELEMENT);
  const pixels = Buffer.from(memory.buffer, pixelsAt, length);
  const tensor = new Float32Array(memory.buffer, tensorAt, length * pictures);
  /** Where in the tensor a colour of a place in the picture is. */
  const indexOf = (at: number, place: number, colour: number) =>
    at * length + (layout === "NCHW" ? order[colour]! * plane + place : place * 3 + order[colour]!);

  /** One number, as the vectors have it: in single precision at every step. */
  function put(index: number, byte: number, colour: number, { lack, scale, offset }: Factors) {
    const whole = Math.min(Math.fround(byte + lack[colour]!), 255);
    tensor[index] = Math.fround(whole * scale[colour]!) + offset[colour]!;
  }

  /** So many pixels behind each other, from a byte of the picture to a place in it. */
  function spread(at: number, from: number, count: number, place: number, factors: Factors) {
    const quick = count - (count % PIXELS_AT_ONCE);
    if (quick > 0) {
      const start = pixelsAt + from;
      const address = (index: number) => tensorAt + index * Float32Array.BYTES_PER_ELEMENT;
      const first = address(at * length + place * 3);
      const [red, green, blue] =
        layout === "NCHW"
          ? [0, 1, 2].map((colour) => address(indexOf(at, place, colour)))
          : [0, 1, 2].map((strip) => first + strip * STRIP_BYTES);
      run(start, start + quick * 3, red!, green!, blue!, 0);
    }
    for (let pixel = quick; pixel < count; pixel++)
      for (let colour = 0; colour < 3; colour++)
        put(indexOf(at, place + pixel, colour), pixels[from + pixel * 3 + colour]!, colour, factors);
  }

  function fillPad(at: number, factors: Factors) {
    const unlacking = { ...factors, lack: new Float32Array(3) };
    for (let colour = 0; colour < 3; colour++) {
      const first = indexOf(at, 0, colour);
      put(first, input.pad, colour, unlacking);
      const value = tensor[first]!;
      if (layout === "NCHW") tensor.fill(value, first, first + plane);
      else for (let place = 1; place < plane; place++) tensor[indexOf(at, place, colour)] = value;
    }
  }

  return {
    pixels,
    tensor,
    write(at, { visible, place }, factors) {
      if (visible.width !== width || visible.height !== height) fillPad(at, factors);
      inMemory.set(factors.vectors);
      // Rows as wide as the input lie one behind the other in both.
      const whole = visible.width === width;
      const rows = whole ? 1 : visible.height;
      const count = visible.width * (whole ? visible.height : 1);
      for (let row = 0; row < rows; row++)
        spread(at, row * count * 3, count, (row + place.top) * width + place.left, factors);
    },
  };
}
