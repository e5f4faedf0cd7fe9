// Compares the embeddings of a window with those of its baseline.
import { decodeEmbedding } from "../embedding.ts";
import { testClassifier } from "../shift/classifier.ts";
import { testMmd } from "../shift/mmd.ts";
import { shareOutside } from "../shift/support.ts";
import type { Result } from "./finding.ts";
import type { Window } from "./window.ts";

/** The smallest p-value is 1 / (permutations + 1), which must be below the rate of false alarms after its correction. */
const PERMUTATIONS = 2_000;
/** Permutations with a larger MMD that show equal sets. */
const ENOUGH = 20;
/** Squared MMD of embeddings, 0 to 2. */
const MMD_THRESHOLD = 0.02;

export interface EmbeddingComparison {
  results: Result[];
  /** Share of the window's inputs that are unlike every input of the baseline. */
  outside: number;
}

interface Options {
  /** Fewer embeddings are not compared. */
  least: number;
  /** The least AUC that matters. */
  threshold: number;
  seed: number;
}

export function compareEmbeddings(
  before: Window,
  window: Window,
  { least, threshold, seed }: Options,
): EmbeddingComparison {
  const first = vectorsOf(before);
  const second = vectorsOf(window);
  // Another length comes from another model, and no embedding from an engine without them.
  if (first.length < least || second.length < least || first[0]!.length !== second[0]!.length)
    return { results: [], outside: 0 };
  const { auc, pValue } = testClassifier(first, second, { seed });
  const mmd = testMmd(first, second, { seed, permutations: PERMUTATIONS, enough: ENOUGH });
  const common = { name: "embedding", group: "embedding" as const };
  return {
    results: [
      { ...common, test: "classifier", statistic: auc, pValue, effect: auc, threshold },
      {
        ...common,
        test: "mmd",
        statistic: mmd.mmdSquared,
        pValue: mmd.pValue,
        effect: mmd.mmdSquared,
        threshold: MMD_THRESHOLD,
      },
    ],
    outside: shareOutside(first, second),
  };
}

/** Of one length: a window may contain predictions of two versions. */
function vectorsOf({ embeddings }: Window): Float64Array[] {
  const vectors = embeddings.items().map(({ embedding }) => decodeEmbedding(embedding));
  return vectors.filter(({ length }) => length > 0 && length === vectors[0]!.length);
}
