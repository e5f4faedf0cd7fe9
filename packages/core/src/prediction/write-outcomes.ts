// Ends claimed predictions with a result or a failure, or releases them. One transaction per batch.
import { db, type Writers } from "../db.ts";
import { codes, type ErrorCode } from "../error/codes.ts";
import type { SluiceError } from "../error/error.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import { changedAt, fieldsOf, openBucket, type NewPrediction } from "./new-prediction.ts";
import { reviewOfOutcome } from "./outcome-review.ts";
import { isFinal, type Failure, type Size, type Status, type Summary, type Timings } from "./prediction.ts";

export interface PredictionOutcome {
  prediction: NewPrediction;
  /** `processing` releases the claim: the next delivery of the message may claim it at once. */
  status: Status;
  /** The one that responded. Default: the model's own. */
  endpoint?: string;
  modelVersion?: string;
  /** The candidate version that failed before. */
  fallbackFrom?: string;
  summary?: Summary;
  image?: Size;
  error?: Failure;
  timings?: Timings;
  resultKey?: string;
  /** Of every finding, for the metrics only. */
  confidences?: number[];
}

export const failureOf = ({ code, message, hint, retryable }: SluiceError): Failure => ({
  code,
  message,
  hint,
  retryable,
});

/** Returns the ids that were written. The others were claimed by another holder meanwhile. */
export async function writeOutcomes(
  outcomes: PredictionOutcome[],
  holder: string,
  now: number,
): Promise<Set<string>> {
  if (outcomes.length === 0) return new Set();
  const { canceled } = await db()
    .transaction.write((writers) =>
      outcomes.map((outcome) => update(writers.prediction, outcome, holder, now)),
    )
    .go();
  if (!canceled) return new Set(outcomes.map(({ prediction }) => prediction.id));
  if (outcomes.length === 1) return new Set();
  const alone = await Promise.all(outcomes.map((outcome) => writeOutcomes([outcome], holder, now)));
  return new Set(alone.flatMap((ids) => [...ids]));
}

/** Only the order of the review queue uses it; a record stays small. */
export const withoutEmbedding = (summary: Summary | undefined) =>
  summary && withoutUndefined({ ...summary, embedding: undefined });

const notFlagged = { review: undefined, reviewing: undefined, reviewPlace: undefined };

function update(writer: Writers["prediction"], outcome: PredictionOutcome, holder: string, now: number) {
  const { prediction, status, modelVersion, fallbackFrom, image, error, timings, resultKey } = outcome;
  const fields = fieldsOf(prediction);
  const endpoint = outcome.endpoint ?? fields.endpoint;
  const final = isFinal(status);
  const review = reviewOfOutcome({ id: prediction.id, model: prediction.model.name, status }, now);
  const summary = review ? outcome.summary : withoutEmbedding(outcome.summary);
  const found = {
    modelVersion,
    fallbackFrom,
    summary,
    image,
    error,
    timings,
    resultKey,
    class: summary?.class,
    confidence: summary?.confidence,
    ...(review ?? notFlagged),
    redrivable: error && codes[error.code as ErrorCode].kind === "system" ? true : undefined,
    finishedAt: final ? new Date(now).toISOString() : undefined,
  };
  // Removes fields of an earlier attempt.
  const absent = (Object.keys(found) as (keyof typeof found)[]).filter((name) => found[name] === undefined);
  return writer
    .update({ id: prediction.id })
    .set({
      ...fields,
      endpoint,
      status,
      bucket: final ? fields.day : openBucket(prediction.id),
      ...found,
      leaseUntil: 0,
      ...changedAt(now),
    })
    .remove(["holder", ...absent])
    .where((is, { eq }) => `${eq(is.holder, holder)} AND ${eq(is.status, "processing")}`)
    .commit();
}
