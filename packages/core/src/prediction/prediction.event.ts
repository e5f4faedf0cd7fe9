import * as z from "zod";
import { Failure, Source, Status, Summary } from "./prediction.ts";

/** What every event about a prediction carries. */
export const PredictionDetail = z.object({
  id: z.string(),
  model: z.string(),
  status: Status,
  source: Source,
  modelVersion: z.string().optional(),
  summary: Summary.optional(),
  resultKey: z.string().optional(),
});

const finished = {
  detail: PredictionDetail.extend({ error: Failure.optional(), finishedAt: z.string() }),
};

/** Without a subject, so not stored: a prediction's record is its own history. */
export const predictionEvents = {
  /** For an endpoint (`pending`), or for a retry after an error (`processing`). */
  "prediction.waiting": { detail: PredictionDetail.extend({ error: Failure.optional() }) },
  "prediction.completed": finished,
  "prediction.rejected": finished,
  "prediction.failed": finished,
} as const;
