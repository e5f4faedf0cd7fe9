// Orders open reviews by the information of their verdicts, and collapses near-duplicates. Pure functions.
import { decodeEmbedding } from "@sluice/statistics/embedding.ts";
import type { Prediction } from "../prediction/prediction.ts";

export interface ReviewGroup {
  prediction: Prediction;
  /** Ids of near-duplicates: their verdict is probably the same. */
  similar: string[];
}

/** Of the parts of the score; each part is within 0 to 1. */
export type Weights = Record<"uncertainty" | "novelty" | "rarity", number>;
/** The measurement `review-order` checks them. */
const WEIGHTS: Weights = { uncertainty: 1, novelty: 0.5, rarity: 0.25 };
/** Cosine distance below which two inputs are near-duplicates, and the distance that is fully new. */
const DUPLICATE_DISTANCE = 0.005;
const NEW_DISTANCE = 0.5;
/** For a prediction without the value. */
const UNKNOWN = 0.5;

interface Candidate {
  prediction: Prediction;
  vector: Float64Array | undefined;
  /** Without novelty, which depends on the reviews before. */
  score: number;
  /** Cosine distance to the nearest review before. */
  distance: number;
}

/**
 * The random share comes first: it measures the accuracy, and is small. Then the review with the highest score follows,
 * again and again; its novelty is its distance to all reviews before. `labels` are the labels by class.
 */
export function orderByInformation(
  predictions: readonly Prediction[],
  labels: ReadonlyMap<string, number>,
  weights = WEIGHTS,
): ReviewGroup[] {
  const sampled = predictions.filter(({ review }) => review?.sampled);
  const rest = predictions
    .filter(({ review }) => !review?.sampled)
    .map((one) => candidateOf(one, labels, weights));
  for (const { summary } of sampled) updateDistances(rest, vectorOf(summary));
  const groups: ReviewGroup[] = sampled.map((prediction) => ({ prediction, similar: [] }));
  let open = rest;
  while (open.length > 0) {
    const best = open.reduce((first, next) =>
      totalScore(next, weights) > totalScore(first, weights) ? next : first,
    );
    const similar = open.filter((one) => one !== best && isDuplicate(one, best));
    open = open.filter((one) => one !== best && !similar.includes(one));
    updateDistances(open, best.vector);
    groups.push({ prediction: best.prediction, similar: similar.map(({ prediction }) => prediction.id) });
  }
  return groups;
}

const vectorOf = (summary: Prediction["summary"]) =>
  summary?.embedding === undefined ? undefined : decodeEmbedding(summary.embedding);

function candidateOf(
  prediction: Prediction,
  labels: ReadonlyMap<string, number>,
  weights: Weights,
): Candidate {
  const { summary } = prediction;
  const uncertainty = summary?.margin === undefined ? UNKNOWN : 1 - summary.margin;
  const most = Math.max(0, ...labels.values());
  const own = labels.get(summary?.class ?? "") ?? 0;
  const rarity = most === 0 ? 0 : 1 - Math.log1p(own) / Math.log1p(most);
  return {
    prediction,
    vector: vectorOf(summary),
    score: weights.uncertainty * uncertainty + weights.rarity * rarity,
    distance: NEW_DISTANCE,
  };
}

function totalScore({ score, vector, distance }: Candidate, weights: Weights): number {
  const novelty = vector ? Math.min(1, distance / NEW_DISTANCE) : UNKNOWN;
  return score + weights.novelty * novelty;
}

function updateDistances(candidates: Candidate[], vector: Float64Array | undefined) {
  for (const one of candidates)
    one.distance = Math.min(one.distance, distanceOf(one.vector, vector) ?? Infinity);
}

/** Of the same predicted class. */
function isDuplicate(a: Candidate, b: Candidate): boolean {
  if (a.prediction.summary?.class !== b.prediction.summary?.class) return false;
  const distance = distanceOf(a.vector, b.vector);
  return distance !== undefined && distance <= DUPLICATE_DISTANCE;
}

/** Cosine distance. Undefined without two embeddings of one length: versions may differ. */
export function distanceOf(a: Float64Array | undefined, b: Float64Array | undefined): number | undefined {
  if (!a || !b || a.length !== b.length) return undefined;
  let [dot, ofA, ofB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    dot += a[at]! * b[at]!;
    ofA += a[at]! ** 2;
    ofB += b[at]! ** 2;
  }
  return ofA === 0 || ofB === 0 ? undefined : 1 - dot / Math.sqrt(ofA * ofB);
}
