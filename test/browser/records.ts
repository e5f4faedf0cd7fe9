// Writes predictions directly to the table, as if a stage had been running for hours.
import { db } from "@sluice/core/db.ts";
import type { Status } from "@sluice/core/prediction/prediction.ts";
import { openReview } from "@sluice/core/review/review.ts";
import { dayOf } from "@sluice/core/table.ts";

const CLASSES = ["Boots", "Chi", "Kappa", "Mu", "Tau", "Wolf", "NoCat"];

/** Predictions of `cats`, newest first, 100 ms apart. */
export async function seedPredictions(
  count: number,
  newest = Date.now(),
  name = "garden",
): Promise<string[]> {
  const { prediction, day } = db().entities;
  const records = Array.from({ length: count }, (_, index) => recordOf(name, index, newest - index * 100));
  await prediction.put(records).go({ concurrency: 8 });
  for (const one of new Set(records.map((record) => record.day)))
    await day.put({ model: "cats", day: one }).go();
  return records.map(({ id }) => id);
}

function recordOf(file: string, index: number, at: number) {
  const confidence = ((index * 37) % 100) / 100;
  const status: Status = index % 50 === 3 ? "failed" : confidence < 0.5 ? "rejected" : "completed";
  const name = CLASSES[index % CLASSES.length]!;
  const createdAt = new Date(at).toISOString();
  const [id, model] = [`prd_${file}${index}`, "cats"];
  return {
    id,
    model,
    task: "image-classification" as const,
    status,
    source: { bucket: "uploads", key: `uploads/cats/00000000-${file}-${index}.jpg`, size: 3_000_000 },
    attempts: 1,
    summary: { class: name, confidence, threshold: 0.5 },
    class: name,
    confidence,
    timings: { totalMs: 80 + (index % 90) },
    ...(status === "failed" && {
      error: {
        code: "IMAGE_TRUNCATED",
        message: "It ends early.",
        hint: "Upload it again.",
        retryable: false,
      },
    }),
    createdAt,
    uploadedAt: createdAt,
    changedAt: createdAt,
    day: dayOf(createdAt),
    bucket: dayOf(createdAt),
    changedDay: dayOf(createdAt),
    ...(status === "rejected" && openReview({ id, model }, at)),
  };
}
