// One answer against its truth: what is counted, and the line that is kept of it.
import type { InferenceResult } from "@sluice/inference/engine/engine.ts";
import { InferenceError } from "@sluice/inference/error.ts";
import { classificationCounts } from "@sluice/inference/evaluation/classification.ts";
import { detectionCounts } from "@sluice/inference/evaluation/detection.ts";
import type { Manifest } from "@sluice/inference/package.ts";
import type { Item } from "./dataset.ts";

/** Of the classes of an answer, the most probable few are kept. */
const KEPT = 5;

export interface Score {
  /** Says why the item cannot be judged, if it cannot. */
  unfit(item: Item): string | undefined;
  /** Counts the answer; what it returns is kept of it. */
  add(item: Item, answer: InferenceResult): object;
  finish(): object;
}

/** `known` are the dataset's classes: one that the model was never told of is one it cannot get right. */
export function scoreOf(manifest: Manifest, known: string[], threshold: number | undefined): Score {
  const classes = [...new Set([...manifest.classes, ...known])];
  const unknown = (name: string) => `'${name}' is a class of neither the model nor the dataset.`;
  if (manifest.task === "object-detection") {
    const counts = detectionCounts(classes, threshold ?? manifest.thresholds.confidence);
    return {
      unfit: ({ boxes }) => {
        if (!boxes) return "It has no boxes, and the model answers boxes.";
        const stray = boxes.find((box) => !classes.includes(box.class));
        return stray && unknown(stray.class);
      },
      add({ boxes }, answer) {
        const { detections } = answer as Extract<InferenceResult, { task: "object-detection" }>;
        counts.add(boxes!, detections);
        return { boxes, detections };
      },
      finish: counts.finish,
    };
  }
  const counts = classificationCounts(classes);
  return {
    unfit: ({ label }) => {
      if (label === undefined) return "It has no class, and the model answers classes.";
      return classes.includes(label) ? undefined : unknown(label);
    },
    add({ label }, answer) {
      const { predictions } = answer as Exclude<InferenceResult, { task: "object-detection" }>;
      const best = predictions[0]!;
      counts.add(label!, best.class, best.probability);
      return {
        label,
        answer: best.class,
        confidence: best.probability,
        right: best.class === label,
        predictions: predictions.slice(0, KEPT),
      };
    },
    finish: counts.finish,
  };
}

/** Whose fault a failed answer is: the item's is reported and passed over, the model's ends the evaluation. */
export const isItemsFault = (error: unknown) => error instanceof InferenceError && error.status < 500;
