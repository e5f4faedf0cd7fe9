// The distribution of the one-sample Kolmogorov statistic by Durbin's matrix. Marsaglia, Tsang and Wang (2003).

const BIG = 2 ** 128;
const BIG_EXPONENT = 128;

/** P(D < statistic) for one sample of `count`. Exact; the cost grows with (count * statistic)³. */
export function durbinLower(count: number, statistic: number): number {
  const scaled = count * statistic;
  const row = Math.ceil(scaled);
  const size = 2 * row - 1;
  const middle = (row - 1) * size + (row - 1);
  let matrix = durbinMatrix(size, row - scaled);
  let exponent = 0;
  let power: Float64Array | undefined;
  let powerExponent = 0;
  for (let left = count; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      power = power ? multiply(power, matrix, size) : matrix;
      powerExponent += exponent;
    }
    if (left === 1) break;
    matrix = multiply(matrix, matrix, size);
    exponent *= 2;
    if (matrix[middle]! > BIG) {
      matrix = matrix.map((value) => value / BIG);
      exponent += BIG_EXPONENT;
    }
  }
  // Times n! / n^n, factor by factor.
  let result = power![middle]!;
  for (let factor = 1; factor <= count; factor++) {
    result *= factor / count;
    if (result < 1 / BIG) {
      result *= BIG;
      powerExponent -= BIG_EXPONENT;
    }
  }
  return result * 2 ** powerExponent;
}

/** `rest` is the distance of count * statistic to the next whole number. */
function durbinMatrix(size: number, rest: number): Float64Array {
  const inverse = [1];
  for (let at = 1; at <= size; at++) inverse.push(inverse[at - 1]! / at);
  const edge = Array.from({ length: size }, (_, at) => (1 - rest ** (at + 1)) * inverse[at + 1]!);
  edge[size - 1] = (1 - 2 * rest ** size + Math.max(2 * rest - 1, 0) ** size) * inverse[size]!;
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      matrix[row * size + column] =
        column === 0
          ? edge[row]!
          : row === size - 1
            ? edge[size - 1 - column]!
            : (inverse[row - column + 1] ?? 0);
  return matrix;
}

function multiply(left: Float64Array, right: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let inner = 0; inner < size; inner++) {
      const factor = left[row * size + inner]!;
      if (factor === 0) continue;
      for (let column = 0; column < size; column++)
        product[row * size + column]! += factor * right[inner * size + column]!;
    }
  return product;
}
