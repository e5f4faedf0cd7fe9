import type { Prediction } from "../prediction/prediction.ts";

interface Options {
  version?: string;
  /** Of the content. */
  etag?: string;
  class?: string;
  confidence?: number;
  status?: Prediction["status"];
  totalMs?: number;
}

export function predictionOf({
  version = "aaa",
  etag = "e",
  class: name = "car",
  confidence = 0.9,
  status = "completed",
  totalMs = 100,
}: Options = {}): Prediction {
  const at = "2026-11-21T08:00:00.000Z";
  return {
    id: "prd_1",
    model: "vehicles",
    task: "image-classification",
    status,
    source: { bucket: "uploads", key: "uploads/vehicles/a.png", etag, size: 100 },
    attempts: 1,
    modelVersion: version,
    summary: { class: name, confidence },
    timings: { totalMs, invokeMs: totalMs / 2 },
    createdAt: at,
    changedAt: at,
  };
}
