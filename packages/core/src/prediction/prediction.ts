import { Task } from "@sluice/models/schema.ts";
import * as z from "zod";
import { Review } from "../review/review.ts";

export { Task };

export const statuses = ["pending", "processing", "completed", "rejected", "failed"] as const;
export const Status = z.enum(statuses);
export type Status = z.output<typeof Status>;

/** A status changes only to a higher rank; the highest is final. */
export const rank: Record<Status, number> = {
  pending: 0,
  processing: 1,
  completed: 2,
  rejected: 2,
  failed: 2,
};
export const isFinal = (status: Status) => rank[status] === 2;

/** The object that was predicted on. */
export const Source = z.object({
  bucket: z.string(),
  key: z.string(),
  versionId: z.string().optional(),
  etag: z.string().optional(),
  size: z.number().optional(),
  contentType: z.string().optional(),
});
export type Source = z.output<typeof Source>;

export const Failure = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  retryable: z.boolean(),
});
export type Failure = z.output<typeof Failure>;

/** Milliseconds of the serving engine's steps, from its response. */
export const EngineTimings = z
  .object({
    decodeMs: z.number(),
    preprocessMs: z.number(),
    inferenceMs: z.number(),
    postprocessMs: z.number(),
    totalMs: z.number(),
  })
  .partial();

/** Milliseconds of each step. */
export const Timings = z.object({
  queueMs: z.number().optional(),
  fetchMs: z.number().optional(),
  checkMs: z.number().optional(),
  invokeMs: z.number().optional(),
  storeMs: z.number().optional(),
  totalMs: z.number().optional(),
  engine: EngineTimings.optional(),
});
export type Timings = z.output<typeof Timings>;

/** The part of the result in lists. `class` and `confidence` are those of the strongest finding. */
export const Summary = z.object({
  class: z.string().optional(),
  confidence: z.number().optional(),
  threshold: z.number().optional(),
  total: z.number().optional(),
  countPerClass: z.record(z.string(), z.number()).optional(),
  /** Between the two strongest classes; of a detector: the least distance of a box from its threshold. */
  margin: z.number().optional(),
  /** While a review is open: at most 64 signed bytes in base64. */
  embedding: z.string().optional(),
});
export type Summary = z.output<typeof Summary>;

export const Size = z.object({ width: z.number(), height: z.number() });
export type Size = z.output<typeof Size>;

export const Prediction = z.object({
  id: z.string(),
  model: z.string(),
  task: Task,
  status: Status,
  source: Source,
  attempts: z.number(),
  endpoint: z.string().optional(),
  /** The version that responded, or whose endpoint failed. */
  modelVersion: z.string().optional(),
  /** The candidate version that failed before the live version responded. */
  fallbackFrom: z.string().optional(),
  summary: Summary.optional(),
  image: Size.optional(),
  error: Failure.optional(),
  timings: Timings.optional(),
  /** Key of the result document in the results bucket. */
  resultKey: z.string().optional(),
  /** Set when it was rejected, or when someone requested a review. */
  review: Review.optional(),
  uploadedAt: z.string().optional(),
  createdAt: z.string(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  changedAt: z.string(),
});
export type Prediction = z.output<typeof Prediction>;
