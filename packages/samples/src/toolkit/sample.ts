export interface SampleBox {
  class: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One generated item with its label. */
export interface Sample {
  name: string;
  contentType: string;
  bytes: Buffer;
  /** The class of a classification item. */
  label?: string;
  /** The boxes of a detection item, in pixels. */
  boxes?: SampleBox[];
  width?: number;
  height?: number;
}

export const CONDITIONS = ["day", "night"] as const;
/** `night` adds darkness, fog and noise: pictures that a model trained by day does not know. */
export type Conditions = (typeof CONDITIONS)[number];

export interface Generator {
  task: "image-classification" | "object-detection" | "text-classification";
  classes: readonly string[];
  /** Default: only `day`. */
  conditions?: readonly Conditions[];
  /** Equal arguments return equal samples. Indices cycle through the classes. */
  generate(seed: number, index: number, conditions?: Conditions): Promise<Sample>;
}

/** Unique by seed and index: two runs may write into one folder. */
export const sampleName = (seed: number, index: number) => `${seed}-${String(index).padStart(5, "0")}`;
