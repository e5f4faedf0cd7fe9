// Multinomial logistic regression by Adam, on standardised features, with dropout, class weights and early stopping.
import type { Random } from "../random.ts";
import { type Head, type Matrix, predictAll, zeroHead } from "./head.ts";
import { accuracy, crossEntropy } from "./metrics.ts";

export interface FitOptions {
  epochs: number;
  learningRate: number;
  batchSize: number;
  dropoutRate: number;
  weightDecay: number;
  /** One factor a class. */
  classWeights: Float32Array;
  patience: number;
  minDelta: number;
  /** Hand the work back between epochs, for signals and logs. */
  afterEpoch(epoch: EpochReport): Promise<boolean>;
}

export interface EpochReport {
  epoch: number;
  trainLoss: number;
  validationLoss: number;
  validationAccuracy: number;
}

export interface Fit {
  head: Head;
  best: EpochReport;
  epochs: number;
  stoppedBy: "epochs" | "patience" | "signal";
}

const BETA1 = 0.9;
const BETA2 = 0.999;

export async function fit(
  train: Matrix,
  validation: Matrix,
  classes: number,
  options: FitOptions,
  chance: Random,
): Promise<Fit> {
  const columns = train.columns;
  const head = zeroHead(columns, classes);
  const size = head.weights.length;
  const first = new Float32Array(size + classes);
  const second = new Float32Array(size + classes);
  const gradient = new Float32Array(size + classes);
  const row = new Float32Array(columns);
  const order = Array.from({ length: train.labels.length }, (_, index) => index);
  const keep = 1 - options.dropoutRate;
  let step = 0;
  let best: { head: Head; report: EpochReport } | undefined;
  let stale = 0;
  let epoch = 0;
  let stoppedBy: Fit["stoppedBy"] = "epochs";

  while (epoch < options.epochs) {
    epoch++;
    let loss = 0;
    const shuffled = chance.shuffle(order);
    for (let from = 0; from < shuffled.length; from += options.batchSize) {
      const batch = shuffled.slice(from, from + options.batchSize);
      gradient.fill(0);
      for (const index of batch) {
        const label = train.labels[index]!;
        row.set(train.values.subarray(index * columns, (index + 1) * columns));
        if (keep < 1) for (let at = 0; at < columns; at++) row[at]! *= chance.next() < keep ? 1 / keep : 0;
        const probabilities = probabilitiesOf(head, row);
        const weight = options.classWeights[label]!;
        loss -= weight * Math.log(Math.max(probabilities[label]!, 1e-12));
        for (let kind = 0; kind < classes; kind++) {
          const slope = ((probabilities[kind]! - (kind === label ? 1 : 0)) * weight) / batch.length;
          gradient[size + kind]! += slope;
          const base = kind * columns;
          for (let at = 0; at < columns; at++) gradient[base + at]! += slope * row[at]!;
        }
      }
      step++;
      const rate = (options.learningRate * Math.sqrt(1 - BETA2 ** step)) / (1 - BETA1 ** step);
      for (let at = 0; at < size + classes; at++) {
        const slope = gradient[at]!;
        first[at] = BETA1 * first[at]! + (1 - BETA1) * slope;
        second[at] = BETA2 * second[at]! + (1 - BETA2) * slope * slope;
        const change = (rate * first[at]!) / (Math.sqrt(second[at]!) + 1e-8);
        if (at < size)
          head.weights[at]! -= change + options.learningRate * options.weightDecay * head.weights[at]!;
        else head.bias[at - size]! -= change;
      }
    }

    const probabilities = predictAll(head, validation);
    const report: EpochReport = {
      epoch,
      trainLoss: loss / train.labels.length,
      validationLoss: crossEntropy(probabilities, validation.labels),
      validationAccuracy: accuracy(probabilities, validation.labels),
    };
    const gain = report.validationAccuracy - (best?.report.validationAccuracy ?? -1);
    stale = gain > options.minDelta ? 0 : stale + 1;
    if (!best || gain > 0 || (gain === 0 && report.validationLoss < best.report.validationLoss))
      best = { head: { ...head, weights: head.weights.slice(), bias: head.bias.slice() }, report };
    if (!(await options.afterEpoch(report))) {
      stoppedBy = "signal";
      break;
    }
    if (stale >= options.patience) {
      stoppedBy = "patience";
      break;
    }
  }
  return { head: best!.head, best: best!.report, epochs: epoch, stoppedBy };
}

function probabilitiesOf(head: Head, row: Float32Array): Float64Array {
  const scores = new Float64Array(head.classes);
  let highest = -Infinity;
  for (let kind = 0; kind < head.classes; kind++) {
    let sum = head.bias[kind]!;
    const base = kind * head.columns;
    for (let at = 0; at < head.columns; at++) sum += head.weights[base + at]! * row[at]!;
    scores[kind] = sum;
    if (sum > highest) highest = sum;
  }
  let total = 0;
  for (let kind = 0; kind < head.classes; kind++) total += scores[kind] = Math.exp(scores[kind]! - highest);
  for (let kind = 0; kind < head.classes; kind++) scores[kind]! /= total;
  return scores;
}
