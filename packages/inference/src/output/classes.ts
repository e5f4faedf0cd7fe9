import { InferenceError } from "../error.ts";

export interface Scored {
  class: string;
  probability: number;
}

/** Every class with its probability, most probable first. */
export function classify(values: Float32Array, classes: string[], head: "softmax" | "logits"): Scored[] {
  if (values.length !== classes.length)
    throw new InferenceError(
      "MODEL_FAILED",
      500,
      `The model answered ${values.length} scores for ${classes.length} classes.`,
      "List in sluice.json exactly the classes the model was trained on.",
    );
  const probabilities = head === "softmax" ? values : softmax(values);
  if (!probabilities.every(Number.isFinite))
    throw new InferenceError(
      "MODEL_FAILED",
      500,
      "The model answered a probability that is not a number.",
      "Check the model's normalisation and weights.",
    );
  return classes
    .map((name, index) => ({ class: name, probability: probabilities[index]! }))
    .sort((left, right) => right.probability - left.probability);
}

/** Shifted by the maximum, so that no exponent overflows. */
export function softmax(logits: Float32Array): Float64Array {
  const highest = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = Float64Array.from(logits, (value) => Math.exp(value - highest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
