// Predictions for generated floor plans. The boxes are the true ones, with made-up confidences.
import { byName } from "@sluice/models/index.ts";
import { generatorOf } from "@sluice/samples/generate.ts";
import type { Sample } from "@sluice/samples/toolkit/sample.ts";
import { type Found, type Stage, storeDetection } from "./detections.ts";

/** The index of a plan with more than eighty boxes of seven classes. */
export const LARGE_PLAN = 10;
const SEED = 7;
const THRESHOLD = byName("blueprints")!.gate.threshold;

/** The boxes of a plan, the most certain first. Every eighth is below the threshold. */
export function foundIn({ boxes = [] }: Sample): Record<"detections" | "doubtful", Found[]> {
  const found = boxes.map(({ class: name, ...box }, index) => ({
    class: name,
    confidence: index % 8 === 5 ? 0.1 + (index % 3) * 0.05 : THRESHOLD + 0.01 + ((index * 37) % 43) / 100,
    box,
  }));
  const sorted = found.toSorted((one, other) => other.confidence - one.confidence);
  return {
    detections: sorted.filter(({ confidence }) => confidence >= THRESHOLD),
    doubtful: sorted.filter(({ confidence }) => confidence < THRESHOLD),
  };
}

export const planKey = (index: number) => `uploads/blueprints/plan-${index}.jpg`;

export const planOf = (index: number) => generatorOf("blueprints").generate(SEED, index);

export async function seedPlan(site: Stage, index: number): Promise<string> {
  const picture = await planOf(index);
  return storeDetection(site, {
    model: "blueprints",
    key: planKey(index),
    picture,
    threshold: THRESHOLD,
    ...foundIn(picture),
    review: false,
    at: Date.now(),
  });
}
