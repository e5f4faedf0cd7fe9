// The result document, at predictions/<model>/yyyy/mm/dd/<id>.json in the results bucket.
import * as z from "zod";
import { Size, Source, Timings } from "../prediction/prediction.ts";

export const Box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const Gate = z.object({
  threshold: z.number(),
  passed: z.boolean(),
  confidence: z.number().optional(),
  class: z.string().optional(),
});
export type Gate = z.output<typeof Gate>;

const common = {
  id: z.string(),
  model: z.string(),
  modelVersion: z.string(),
  endpoint: z.string(),
  source: Source,
  gate: Gate,
  timings: Timings,
  /** Milliseconds from claim to result. */
  processingTime: z.number(),
};

const steps = z.array(z.object({ step: z.string(), ms: z.number() }));

const Found = z.object({
  /** `det_...`: unique in its result, and the same in repeats of the prediction. */
  id: z.string(),
  class: z.string(),
  confidence: z.number(),
  box: Box,
  /** Square pixels of the source image. */
  area: z.number(),
});

export const DetectionResult = z.object({
  ...common,
  task: z.literal("object-detection"),
  detectedAt: z.string(),
  /** Boxes that reach the threshold of their class. */
  detections: z.array(Found),
  /** Boxes below it: shown to reviewers, not counted. */
  doubtful: z.array(Found),
  statistics: z.object({
    total: z.number(),
    averageConfidence: z.number(),
    countPerClass: z.record(z.string(), z.number()),
    processingSteps: steps,
  }),
  image: Size,
});

const Ranked = z.array(z.object({ class: z.string(), probability: z.number() }));

export const ClassificationResult = z.object({
  ...common,
  task: z.literal("image-classification"),
  classifiedAt: z.string(),
  class: z.string(),
  probability: z.number(),
  probabilities: Ranked,
  image: Size.optional(),
  processingSteps: steps,
});

export const TextResult = z.object({
  ...common,
  task: z.literal("text-classification"),
  classifiedAt: z.string(),
  label: z.string(),
  score: z.number(),
  scores: Ranked,
  characters: z.number(),
  processingSteps: steps,
});

export const Result = z.discriminatedUnion("task", [DetectionResult, ClassificationResult, TextResult]);
export type Result = z.output<typeof Result>;
export type DetectionResult = z.output<typeof DetectionResult>;
export type ClassificationResult = z.output<typeof ClassificationResult>;
export type TextResult = z.output<typeof TextResult>;
