// The classifier two-sample test: can a classifier tell the two sets of vectors apart? Lopez-Paz and Oquab (2017).
import { type Random, seedRandom, shuffle } from "../random.ts";
import { normalUpper } from "../special/normal.ts";
import { computeAuc } from "./auc.ts";
import { type Vector, fitLogistic } from "./logistic.ts";
import { requireVectors, standardize } from "./vectors.ts";

export interface ClassifierResult {
  /** Mean of the folds, each scored by a classifier that did not see it: 0.5 for equal sets, 1 for separable ones. */
  auc: number;
  /** One-sided. It takes the folds as fully dependent, because their classifiers share items: so it is never too small. */
  pValue: number;
}

export interface ClassifierOptions {
  seed: number;
  folds?: number;
  /** Of the squared weights, on standardized columns. */
  penalty?: number;
}

/** A set with fewer than two vectors gives no evidence: AUC 0.5, p-value 1. */
export function testClassifier(
  first: readonly Vector[],
  second: readonly Vector[],
  { seed, folds = 5, penalty = 1 }: ClassifierOptions,
): ClassifierResult {
  requireVectors(first, second);
  const count = Math.min(folds, first.length, second.length);
  if (count < 2) return { auc: 0.5, pValue: 1 };
  const rows = standardize([...first, ...second]);
  const random = seedRandom(seed);
  const foldOf = [...assignFolds(first.length, count, random), ...assignFolds(second.length, count, random)];
  const isSecond = rows.map((_, at) => at >= first.length);
  const results = Array.from({ length: count }, (_, fold) => {
    const training = [...rows.keys()].filter((at) => foldOf[at] !== fold);
    const { score } = fitLogistic(
      training.map((at) => rows[at]!),
      training.map((at) => isSecond[at]!),
      penalty,
    );
    const scoresOf = (side: boolean) =>
      rows.filter((_, at) => foldOf[at] === fold && isSecond[at] === side).map(score);
    return computeAuc(scoresOf(false), scoresOf(true));
  });
  const auc = results.reduce((sum, result) => sum + result.auc, 0) / count;
  const deviation = results.reduce((sum, { nullDeviation }) => sum + nullDeviation, 0) / count;
  return { auc, pValue: deviation === 0 ? 1 : normalUpper((auc - 0.5) / deviation) };
}

/** Folds of equal size, one item more or less. */
const assignFolds = (items: number, folds: number, random: Random) =>
  shuffle(
    Array.from({ length: items }, (_, at) => at % folds),
    random,
  );
