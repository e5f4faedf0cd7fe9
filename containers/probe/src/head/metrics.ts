// Metrics of a head's predictions.
import {
  type ClassReport,
  type Confusion,
  computeAccuracy,
  emptyConfusion,
  classReports,
} from "@sluice/inference/evaluation/confusion.ts";

export interface Metrics {
  accuracy: number;
  loss: number;
  perClass: ClassReport[];
  confusion: Confusion;
}

export function report(probabilities: Float64Array[], labels: number[], classes: string[]): Metrics {
  const confusion = emptyConfusion(classes.length);
  let loss = 0;
  for (const [at, row] of probabilities.entries()) {
    const label = labels[at]!;
    confusion[label]![row.indexOf(Math.max(...row))]! += 1;
    loss -= Math.log(Math.max(row[label]!, 1e-12)) / labels.length;
  }
  return {
    accuracy: computeAccuracy(confusion),
    loss,
    perClass: classReports(confusion, classes),
    confusion,
  };
}
