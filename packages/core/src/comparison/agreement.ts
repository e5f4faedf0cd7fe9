import type { Prediction } from "../prediction/prediction.ts";
import type { Figure } from "./comparison.ts";
import { figureOf, proportionOf } from "./measure.ts";

/** Of files with equal content, for example one file under two keys. */
export function measureAgreement(current: Prediction[], candidate: Prediction[]): Figure | undefined {
  const results = resultsByContent(current);
  const pairs = [...resultsByContent(candidate)].flatMap(([content, result]) => {
    const other = results.get(content);
    return other === undefined ? [] : [other === result];
  });
  const agreed = proportionOf(pairs, (equal) => equal);
  return agreed && figureOf(agreed);
}

/** The etag of a small object is the digest of its content. The newest result counts. */
function resultsByContent(newestFirst: Prediction[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { source, summary } of newestFirst) {
    const content = source.etag && `${source.etag} ${source.size}`;
    if (content && summary && !found.has(content)) found.set(content, resultOf(summary));
  }
  return found;
}

function resultOf({ class: name, countPerClass }: NonNullable<Prediction["summary"]>): string {
  if (!countPerClass) return name ?? "";
  return JSON.stringify(Object.entries(countPerClass).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
