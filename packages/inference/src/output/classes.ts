import { InferenceError } from "../error.ts";

export interface ClassScore {
  class: string;
  probability: number;
}

/** Pairs of class index and probability, most probable first, in one flat list. */
export function rankClasses(values: Float32Array, classes: number, head: "softmax" | "logits"): number[] {
  if (values.length !== classes)
    throw new InferenceError(
      "MODEL_FAILED",
      500,
      `The model returned ${values.length} scores for ${classes} classes.`,
      "List in sluice.json exactly the classes the model was trained on.",
    );
  const probabilities = head === "softmax" ? values : softmax(values);
  if (!probabilities.every(Number.isFinite))
    throw new InferenceError(
      "MODEL_FAILED",
      500,
      "The model returned a probability that is not a number.",
      "Check the model's normalization and weights.",
    );
  return Array.from(probabilities.keys())
    .sort((left, right) => probabilities[right]! - probabilities[left]!)
    .flatMap((index) => [index, probabilities[index]!]);
}

/** Adds class names to what `classify` returned. */
export function toClassScores(numbers: ArrayLike<number>, classes: string[]): ClassScore[] {
  return Array.from({ length: numbers.length / 2 }, (_, at) => ({
    class: classes[numbers[at * 2]!]!,
    probability: numbers[at * 2 + 1]!,
  }));
}

/** Shifted by the maximum, so that no exponent overflows. */
export function softmax(logits: Float32Array): Float64Array {
  const highest = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = Float64Array.from(logits, (value) => Math.exp(value - highest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
