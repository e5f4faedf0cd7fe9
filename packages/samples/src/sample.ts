import type { Random } from "./random.ts";

export interface SampleBox {
  class: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One generated example with its truth. */
export interface Sample {
  name: string;
  contentType: string;
  bytes: Buffer;
  /** The class, of a classification's sample. */
  label?: string;
  /** What is in the picture and where in its pixels, of a detection's sample. */
  boxes?: SampleBox[];
  width?: number;
  height?: number;
}

export interface Generator {
  task: "image-classification" | "object-detection" | "text-classification";
  classes: readonly string[];
  /** Equal seeds and indices give equal samples; the indices of a classifier's turn through its classes. */
  generate(seed: number, index: number): Promise<Sample>;
}

/** Unlike for every seed and index, so that two runs may fill one folder. */
export const numbered = (seed: number, index: number) => `${seed}-${String(index).padStart(5, "0")}`;

export const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** As many as chance says, of something that is scattered about. */
export const some = <T>(chance: Random, least: number, most: number, make: () => T): T[] =>
  times(chance.int(least, most), make);
