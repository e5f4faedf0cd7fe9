// Unsaved drawings by prediction, kept while the person visits other predictions or views.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import type { Model } from "../../api/models.ts";
import { Drawing } from "../../component/boxes/drawing.ts";

const drawings = new Map<string, Drawing>();

/** The drawing for an open review of a detector. It starts with the detected boxes. */
export function openDrawing(
  { id, review }: Prediction,
  result: Result | undefined,
  model: Model | undefined,
): Drawing | undefined {
  if (review?.status !== "open" || result?.task !== "object-detection" || !model) return undefined;
  const existing = drawings.get(id);
  if (existing) return existing;
  for (const [other, { changed }] of drawings) if (!changed.peek()) drawings.delete(other);
  const boxes = result.detections.map(({ id: detection, class: name, box }) => ({
    class: name,
    ...box,
    detection,
  }));
  const drawing = new Drawing(result.image, model.classes, boxes);
  drawings.set(id, drawing);
  return drawing;
}

/** A drawing that was not saved because somebody else closed the review first. */
export function findUnsaved(id: unknown): Drawing | undefined {
  const drawing = drawings.get(String(id));
  return drawing?.changed.peek() ? drawing : undefined;
}

/** Locks the drawing until its verdict is saved, then discards it. */
export async function saveDrawing<T>(id: string, verdict: Promise<T>): Promise<T> {
  const outcome = await (drawings.get(id)?.lockDuring(verdict) ?? verdict);
  drawings.delete(id);
  return outcome;
}
