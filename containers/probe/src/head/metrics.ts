// How good the answers are, overall and by class.
export interface ClassReport {
  class: string;
  precision: number;
  recall: number;
  f1: number;
  support: number;
}

export interface Report {
  accuracy: number;
  loss: number;
  perClass: ClassReport[];
  /** Rows are the truth, columns the answer, both in class order. */
  confusion: number[][];
}

const answerOf = (probabilities: Float64Array) => probabilities.indexOf(Math.max(...probabilities));

export function accuracy(probabilities: Float64Array[], labels: number[]): number {
  return probabilities.filter((row, at) => answerOf(row) === labels[at]).length / labels.length;
}

export function crossEntropy(probabilities: Float64Array[], labels: number[]): number {
  const losses = probabilities.map((row, at) => -Math.log(Math.max(row[labels[at]!]!, 1e-12)));
  return losses.reduce((sum, loss) => sum + loss, 0) / labels.length;
}

export function report(probabilities: Float64Array[], labels: number[], classes: string[]): Report {
  const confusion = classes.map(() => classes.map(() => 0));
  for (const [at, row] of probabilities.entries()) confusion[labels[at]!]![answerOf(row)]! += 1;
  return {
    accuracy: accuracy(probabilities, labels),
    loss: crossEntropy(probabilities, labels),
    perClass: classes.map((name, kind) => {
      const right = confusion[kind]![kind]!;
      const support = confusion[kind]!.reduce((sum, count) => sum + count, 0);
      const answered = confusion.reduce((sum, row) => sum + row[kind]!, 0);
      const precision = answered === 0 ? 0 : right / answered;
      const recall = support === 0 ? 0 : right / support;
      return {
        class: name,
        precision,
        recall,
        f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
        support,
      };
    }),
    confusion,
  };
}
