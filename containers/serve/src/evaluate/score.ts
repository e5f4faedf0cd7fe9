// Compares a prediction with its label: counts it, and returns the line for predictions.jsonl.
import type { InferenceResult } from "@sluice/inference/engine/engine.ts";
import { InferenceError } from "@sluice/inference/error.ts";
import { classificationCounts } from "@sluice/inference/evaluation/classification.ts";
import { detectionCounts } from "@sluice/inference/evaluation/detection.ts";
import type { Manifest } from "@sluice/inference/package.ts";
import type { Item } from "./dataset.ts";

/** Classes in predictions.jsonl, most probable first. */
const MAX_CLASSES = 5;

export interface Score {
  /** Why the item cannot be evaluated. */
  problemOf(item: Item): string | undefined;
  /** Counts the result, and returns the fields for predictions.jsonl. */
  add(item: Item, result: InferenceResult): object;
  finish(): { accuracy?: number; precision?: number; calibration?: object };
}

/** `known` are the dataset's classes; those that the model does not have count as errors. */
export function createScore(manifest: Manifest, known: string[], threshold: number | undefined): Score {
  const classes = [...new Set([...manifest.classes, ...known])];
  const unknown = (name: string) => `'${name}' is a class of neither the model nor the dataset.`;
  if (manifest.task === "object-detection") {
    const counts = detectionCounts(classes, threshold ?? manifest.thresholds.confidence);
    return {
      problemOf: ({ boxes }) => {
        if (!boxes) return "It has no boxes, but the model detects objects.";
        const unknownBox = boxes.find((box) => !classes.includes(box.class));
        return unknownBox && unknown(unknownBox.class);
      },
      add({ boxes }, result) {
        const { detections } = result as Extract<InferenceResult, { task: "object-detection" }>;
        counts.add(boxes!, detections);
        return { boxes, detections };
      },
      finish: counts.finish,
    };
  }
  const counts = classificationCounts(classes);
  return {
    problemOf: ({ label }) => {
      if (label === undefined) return "It has no class, but the model classifies.";
      return classes.includes(label) ? undefined : unknown(label);
    },
    add({ label }, result) {
      const { predictions } = result as Exclude<InferenceResult, { task: "object-detection" }>;
      const best = predictions[0]!;
      counts.add(label!, best.class, best.probability);
      return {
        label,
        answer: best.class,
        confidence: best.probability,
        right: best.class === label,
        predictions: predictions.slice(0, MAX_CLASSES),
      };
    },
    finish: counts.finish,
  };
}

/** User errors skip the item; system errors end the evaluation. */
export const isUserError = (error: unknown): error is InferenceError =>
  error instanceof InferenceError && error.status < 500;
