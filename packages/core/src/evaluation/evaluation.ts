// The schema of evaluation.json, which an evaluation writes about the held-out items.
import * as z from "zod";
import { Task } from "../prediction/prediction.ts";

const share = z.number().min(0).max(1);

export const ClassScore = z.object({
  class: z.string(),
  precision: share,
  recall: share,
  f1: share,
  support: z.number(),
});

export const Confusion = z.object({
  classes: z.array(z.string()),
  /** Rows: true classes. Columns: predicted classes. */
  rows: z.array(z.array(z.number())),
});
export type Confusion = z.output<typeof Confusion>;

export const Calibration = z.object({
  /** Expected calibration error: the mean gap between confidence and accuracy. */
  ece: share,
  /** Divides the logits, so that confidences match accuracy: above 1 the model is too sure. */
  temperature: z.number().positive().optional(),
  bins: z.array(
    z.object({
      from: share,
      to: share,
      count: z.number(),
      confidence: z.number(),
      accuracy: z.number(),
    }),
  ),
});

export const MeanAveragePrecision = z.object({
  at50: share,
  at50to95: share,
  perClass: z.array(z.looseObject({ class: z.string(), at50: share.optional(), at50to95: share.optional() })),
});

export const Scores = z.object({
  samples: z.number(),
  accuracy: share.optional(),
  perClass: z.array(ClassScore).default([]),
  confusion: Confusion.optional(),
  calibration: Calibration.optional(),
  meanAveragePrecision: MeanAveragePrecision.optional(),
});

export type Scores = z.output<typeof Scores>;

export const Evaluation = Scores.extend({
  task: Task,
  unreadable: z.array(z.object({ file: z.string(), reason: z.string() })).default([]),
  /** Of the held-out items that are labeled by a review. */
  reviewed: Scores.optional(),
  latencyMs: z.object({ p50: z.number(), p95: z.number() }).partial().optional(),
});
export type Evaluation = z.output<typeof Evaluation>;
