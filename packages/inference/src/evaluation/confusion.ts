// Counts of answers by truth, and the figures that follow from them.

/** Rows are the truth, columns the answer, both in class order. */
export type Confusion = number[][];

export interface ClassReport {
  class: string;
  precision: number;
  recall: number;
  f1: number;
  /** How many items truly are of this class. */
  support: number;
}

export const emptyConfusion = (classes: number): Confusion =>
  Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));

export function accuracyOf(confusion: Confusion): number {
  const all = confusion.flat().reduce((sum, count) => sum + count, 0);
  return all === 0 ? 0 : confusion.reduce((sum, row, kind) => sum + row[kind]!, 0) / all;
}

export function reportOf(confusion: Confusion, classes: readonly string[]): ClassReport[] {
  return classes.map((name, kind) => {
    const right = confusion[kind]![kind]!;
    const support = confusion[kind]!.reduce((sum, count) => sum + count, 0);
    const answered = confusion.reduce((sum, row) => sum + row[kind]!, 0);
    return { class: name, ...scoresOf(right, answered, support), support };
  });
}

/** Zero where nothing was answered, or nothing was there: the conventions of scikit-learn. */
export function scoresOf(right: number, answered: number, support: number) {
  const precision = answered === 0 ? 0 : right / answered;
  const recall = support === 0 ? 0 : right / support;
  const f1 = right === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}
