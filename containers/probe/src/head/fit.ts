// Multinomial logistic regression on standardized features, with dropout, class weights and early stopping. It validates and
// returns the running mean of the heads: single epochs vary by a point or more. A resumed run ends with equal numbers.
import { random } from "@sluice/samples/toolkit/random.ts";
import { type Head, type Matrix, copyHead, predict, zeroHead } from "./head.ts";
import { report } from "./metrics.ts";

export interface FitOptions {
  classes: string[];
  epochs: number;
  learningRate: number;
  batchSize: number;
  dropoutRate: number;
  weightDecay: number;
  /** One factor for each class. */
  classWeights: Float32Array;
  patience: number;
  minDelta: number;
  seed: number;
  /** For signals, logs and checkpoints; false ends the training. */
  afterEpoch(epoch: EpochReport, state: FitState): Promise<boolean>;
}

export interface EpochReport {
  epoch: number;
  trainLoss: number;
  validationLoss: number;
  validationAccuracy: number;
}

export interface FitState {
  history: EpochReport[];
  /** Batches so far. */
  step: number;
  /** Consecutive epochs without a higher accuracy. */
  stale: number;
  highest: number;
  head: Head;
  mean: Head;
  /** Adam's means of the gradient (weights, then biases) and of its square. */
  first: Float32Array;
  second: number;
  best: { head: Head; report: EpochReport };
}

export interface Fit extends Pick<FitState, "history" | "best"> {
  stoppedBy: "epochs" | "patience" | "signal";
}

const BETA1 = 0.9;
const BETA2 = 0.999;
/** The share of the newest epoch in the running mean. */
const NEWEST_SHARE = 0.25;

export async function fit(
  train: Matrix,
  validation: Matrix,
  options: FitOptions,
  state: FitState = initialState(train.columns, options.classes.length),
): Promise<Fit> {
  let stoppedBy: Fit["stoppedBy"] = "epochs";
  while (state.history.length < options.epochs) {
    if (state.stale >= options.patience) {
      stoppedBy = "patience";
      break;
    }
    const epoch = state.history.length + 1;
    const trainLoss = trainEpoch(train, state, options, epoch);
    updateMean(state, epoch);
    const { loss, accuracy } = report(predict(state.mean, validation), validation.labels, options.classes);
    const now = { epoch, trainLoss, validationLoss: loss, validationAccuracy: accuracy };
    updateBest(state, now, options.minDelta);
    if (!(await options.afterEpoch(now, state))) {
      stoppedBy = "signal";
      break;
    }
  }
  return { history: state.history, best: state.best, stoppedBy };
}

function initialState(columns: number, classes: number): FitState {
  const size = (columns + 1) * classes;
  const none = { epoch: 0, trainLoss: Infinity, validationLoss: Infinity, validationAccuracy: -1 };
  return {
    history: [],
    step: 0,
    stale: 0,
    highest: -1,
    head: zeroHead(columns, classes),
    mean: zeroHead(columns, classes),
    first: new Float32Array(size),
    second: 0,
    best: { head: zeroHead(columns, classes), report: none },
  };
}

/** One pass over all rows. Returns the mean loss. */
function trainEpoch(train: Matrix, state: FitState, options: FitOptions, epoch: number): number {
  const { head } = state;
  const { columns, classes } = head;
  const chance = random("epoch", options.seed, epoch);
  const shuffled = chance.shuffle(train.labels.map((_, index) => index));
  const keep = 1 - options.dropoutRate;
  const gradient = new Float32Array(state.first.length);
  const biases = classes * columns;
  const row = new Float32Array(columns);
  let loss = 0;
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
        const error = ((probabilities[kind]! - (kind === label ? 1 : 0)) * weight) / batch.length;
        gradient[biases + kind]! += error;
        const base = kind * columns;
        for (let at = 0; at < columns; at++) gradient[base + at]! += error * row[at]!;
      }
    }
    updateWeights(state, gradient, options);
  }
  return loss / train.labels.length;
}

/**
 * Adam with one second moment for all weights, and decoupled weight decay. One moment for each weight would amplify rare
 * features, and lose a point of accuracy on texts.
 */
function updateWeights(state: FitState, gradient: Float32Array, { learningRate, weightDecay }: FitOptions) {
  const { head, first } = state;
  const biases = head.weights.length;
  state.step++;
  let squares = 0;
  for (let at = 0; at < gradient.length; at++) squares += gradient[at]! * gradient[at]!;
  state.second = BETA2 * state.second + ((1 - BETA2) * squares) / gradient.length;
  const size = Math.sqrt(state.second / (1 - BETA2 ** state.step)) + 1e-12;
  const rate = learningRate / ((1 - BETA1 ** state.step) * size);
  for (let at = 0; at < gradient.length; at++) {
    first[at] = BETA1 * first[at]! + (1 - BETA1) * gradient[at]!;
    if (at < biases) head.weights[at]! -= rate * first[at]! + learningRate * weightDecay * head.weights[at]!;
    else head.bias[at - biases]! -= rate * first[at]!;
  }
}

function updateMean({ head, mean }: FitState, epoch: number) {
  const share = Math.max(NEWEST_SHARE, 1 / epoch);
  for (let at = 0; at < head.weights.length; at++)
    mean.weights[at]! += share * (head.weights[at]! - mean.weights[at]!);
  for (let at = 0; at < head.bias.length; at++) mean.bias[at]! += share * (head.bias[at]! - mean.bias[at]!);
}

/** Accuracy decides when to stop; loss decides which head to keep: on few rows it is the finer measure. */
function updateBest(state: FitState, now: EpochReport, minDelta: number) {
  const gain = now.validationAccuracy - state.highest;
  state.history.push(now);
  state.stale = gain > minDelta ? 0 : state.stale + 1;
  state.highest = Math.max(state.highest, now.validationAccuracy);
  if (now.validationLoss < state.best.report.validationLoss)
    state.best = { head: copyHead(state.mean), report: now };
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
