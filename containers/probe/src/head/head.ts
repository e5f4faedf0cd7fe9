// A linear head, and the matrices that it is trained on.

/** In row order; a label is the index of a class. */
export interface Matrix {
  columns: number;
  values: Float32Array;
  labels: number[];
}

export interface Head {
  classes: number;
  columns: number;
  /** In class order. */
  weights: Float32Array;
  bias: Float32Array;
}

export const zeroHead = (columns: number, classes: number): Head => ({
  classes,
  columns,
  weights: new Float32Array(classes * columns),
  bias: new Float32Array(classes),
});

export const copyHead = (head: Head): Head => ({
  ...head,
  weights: head.weights.slice(),
  bias: head.bias.slice(),
});

/** Returns the probabilities of each row. */
export function predict(head: Head, { values, labels, columns }: Matrix): Float64Array[] {
  return labels.map((_, row) => {
    const scores = Float64Array.from(head.bias);
    for (let kind = 0; kind < head.classes; kind++)
      for (let at = 0; at < columns; at++)
        scores[kind]! += head.weights[kind * columns + at]! * values[row * columns + at]!;
    const highest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - highest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => power / total);
  });
}

export interface Scale {
  mean: Float32Array;
  deviation: Float32Array;
}

export function measureScale({ values, columns, labels }: Matrix): Scale {
  const rows = labels.length;
  const mean = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < columns; at++) mean[at]! += values[row * columns + at]! / rows;
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < columns; at++)
      squares[at]! += (values[row * columns + at]! - mean[at]!) ** 2 / rows;
  // Features with little variance are noise: the floor keeps them small.
  const typical = Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / columns);
  const floor = Math.max(typical * 0.1, 1e-6);
  return {
    mean: Float32Array.from(mean),
    deviation: Float32Array.from(squares, (value) => Math.max(Math.sqrt(value), floor)),
  };
}

export function standardiseInPlace(matrix: Matrix, { mean, deviation }: Scale): void {
  for (let row = 0; row < matrix.labels.length; row++)
    for (let at = 0; at < matrix.columns; at++) {
      const index = row * matrix.columns + at;
      matrix.values[index] = (matrix.values[index]! - mean[at]!) / deviation[at]!;
    }
}

/** Folds the scale into the weights: the head then reads raw features. */
export function foldScale(head: Head, { mean, deviation }: Scale): Head {
  const folded = zeroHead(head.columns, head.classes);
  for (let kind = 0; kind < head.classes; kind++) {
    let bias = head.bias[kind]!;
    for (let at = 0; at < head.columns; at++) {
      const index = kind * head.columns + at;
      folded.weights[index] = head.weights[index]! / deviation[at]!;
      bias -= folded.weights[index]! * mean[at]!;
    }
    folded.bias[kind] = bias;
  }
  return folded;
}
