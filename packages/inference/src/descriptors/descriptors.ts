// Cheap measures of each input and result, which monitoring compares over time.
import type { Size } from "../image/geometry.ts";
import type { Prediction } from "../output/prediction.ts";
import { type BoxMeasures, measureBoxes } from "./boxes.ts";
import { encodeEmbedding } from "./embedding.ts";
import type { ImageMeasures } from "./image.ts";
import type { RequestMeasures } from "./request.ts";
import type { TextMeasures } from "./text.ts";

interface Embedded {
  /** At most 64 signed bytes in base64. */
  embedding: string;
}

export type ImageDescriptors = Size & Omit<ImageMeasures, "grid"> & Partial<BoxMeasures> & Embedded;
export type TextDescriptors = Omit<TextMeasures, "embedding"> & Embedded;
export type Descriptors = ImageDescriptors | TextDescriptors;

export function describeImage(
  source: Size,
  { image, embedding }: RequestMeasures,
  prediction: Prediction,
): ImageDescriptors {
  const boxes = "detections" in prediction ? measureBoxes(prediction.detections, source) : {};
  return {
    width: source.width,
    height: source.height,
    ...roundMeasures({ ...image!, ...boxes }),
    embedding: encodeEmbedding(embedding),
  };
}

export function describeText(text: TextMeasures, { embedding }: RequestMeasures): TextDescriptors {
  const { embedding: ofTokens, ...measures } = text;
  return {
    ...roundMeasures(measures),
    embedding: encodeEmbedding(embedding.length > 0 ? embedding : ofTokens()),
  };
}

/** Digits beyond the fifth only make the response longer. */
function roundMeasures<Measures extends object>(measures: Measures): Measures {
  const rounded = Object.entries(measures).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === "number" ? Number(value.toPrecision(5)) : value,
  ]);
  return Object.fromEntries(rounded) as Measures;
}
