import type { ImageMeasures } from "./image.ts";

/** What the model's thread measures of one request. */
export interface RequestMeasures {
  /** Absent for a text. */
  image?: Omit<ImageMeasures, "grid">;
  /** Of the model, else of the image. Empty for a text whose model has none. */
  embedding: number[];
}
