// Preparation of embeddings for the tests of two sets of vectors.
import { requireFinite } from "../finite.ts";
import type { Vector } from "./logistic.ts";

export function requireVectors(first: readonly Vector[], second: readonly Vector[]): void {
  const length = (first[0] ?? second[0])?.length;
  for (const [name, vectors] of Object.entries({ first, second }))
    for (const [at, vector] of vectors.entries()) {
      if (vector.length !== length)
        throw new RangeError(
          `\`${name}[${at}]\` has ${vector.length} numbers; the first vector has ${length}.`,
        );
      requireFinite(vector, `${name}[${at}]`);
    }
}

/** Each column gets mean 0 and deviation 1, or 0 throughout where it is constant. */
export function standardize(vectors: readonly Vector[]): Float64Array[] {
  const result = vectors.map((vector) => Float64Array.from(vector));
  const count = result.length;
  for (let column = 0; column < (result[0]?.length ?? 0); column++) {
    const mean = result.reduce((sum, row) => sum + row[column]!, 0) / count;
    const variance = result.reduce((sum, row) => sum + (row[column]! - mean) ** 2, 0) / count;
    // A constant column has only rounding errors.
    const scale = variance > 1e-20 * (1 + mean * mean) ? 1 / Math.sqrt(variance) : 0;
    for (const row of result) row[column] = (row[column]! - mean) * scale;
  }
  return result;
}
