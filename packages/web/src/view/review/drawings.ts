// What is being drawn, by prediction: whoever walks on to another one, or to another view, finds it again.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import type { Model } from "../../api/models.ts";
import { Drawing } from "../../component/boxes/drawing.ts";

const kept = new Map<string, Drawing>();

/** Of a detector's prediction that waits for a person: it starts with what the model found. */
export function drawingOf(
  { id, review }: Prediction,
  result: Result | undefined,
  model: Model | undefined,
): Drawing | undefined {
  if (review?.status !== "open" || result?.task !== "object-detection" || !model) return undefined;
  const before = kept.get(id);
  if (before) return before;
  for (const [other, { changed }] of kept) if (!changed.peek()) kept.delete(other);
  const found = result.detections.map(({ class: name, box }) => ({ class: name, ...box }));
  const drawing = new Drawing(result.image, model.classes, found);
  kept.set(id, drawing);
  return drawing;
}

/** What was drawn but could not be said, because somebody else was quicker. */
export function unsaid(id: unknown): Drawing | undefined {
  const drawing = kept.get(String(id));
  return drawing?.changed.peek() ? drawing : undefined;
}

/** Once its verdict has arrived nothing needs to be kept. */
export async function sealed<T>(id: string, verdict: Promise<T>): Promise<T> {
  const outcome = await (kept.get(id)?.sealedFor(verdict) ?? verdict);
  kept.delete(id);
  return outcome;
}
