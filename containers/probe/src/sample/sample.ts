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

/** Equal seeds and indices give equal samples; each index of a generator turns through the classes. */
export type Generate = (seed: number, index: number) => Promise<Sample>;

export const numbered = (index: number) => String(index).padStart(5, "0");
