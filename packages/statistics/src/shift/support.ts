// The share of vectors outside of what a reference set covers: farther from its nearest vector than its own vectors are.
import type { Vector } from "./logistic.ts";
import { requireVectors } from "./vectors.ts";

/** Of the reference's vectors that count as covered by the others. */
const COVERED = 0.99;

/** 0.01 on average for sets of one distribution. 0 without vectors, or with fewer than two in the reference. */
export function shareOutside(reference: readonly Vector[], vectors: readonly Vector[]): number {
  requireVectors(reference, vectors);
  if (reference.length < 2 || vectors.length === 0) return 0;
  const distances = Float64Array.from(reference, (vector) => nearestDistance(reference, vector)).sort();
  const limit = distances[Math.ceil(COVERED * distances.length) - 1]!;
  return vectors.filter((vector) => nearestDistance(reference, vector) > limit).length / vectors.length;
}

/** Squared. A vector is not its own neighbor. */
function nearestDistance(reference: readonly Vector[], vector: Vector): number {
  let nearest = Infinity;
  for (const other of reference) {
    if (other === vector) continue;
    let sum = 0;
    for (let at = 0; at < vector.length && sum < nearest; at++) sum += (vector[at]! - other[at]!) ** 2;
    nearest = Math.min(nearest, sum);
  }
  return nearest;
}
