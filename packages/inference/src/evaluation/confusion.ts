// The confusion matrix, and the metrics computed from it.

/** Rows are labels, columns predictions, both in class order. */
export type Confusion = number[][];

export interface ClassReport {
  class: string;
  precision: number;
  recall: number;
  f1: number;
  /** The number of items with this label. */
  support: number;
}

export const emptyConfusion = (classes: number): Confusion =>
  Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));

export function computeAccuracy(confusion: Confusion): number {
  const all = confusion.flat().reduce((sum, count) => sum + count, 0);
  return all === 0 ? 0 : confusion.reduce((sum, row, index) => sum + row[index]!, 0) / all;
}

export function classReports(confusion: Confusion, classes: readonly string[]): ClassReport[] {
  return classes.map((name, index) => {
    const right = confusion[index]![index]!;
    const support = confusion[index]!.reduce((sum, count) => sum + count, 0);
    const predicted = confusion.reduce((sum, row) => sum + row[index]!, 0);
    return { class: name, ...computeScores(right, predicted, support), support };
  });
}

/** Zero where the denominator is zero, as in scikit-learn. */
export function computeScores(right: number, predicted: number, support: number) {
  const precision = predicted === 0 ? 0 : right / predicted;
  const recall = support === 0 ? 0 : right / support;
  const f1 = right === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}
