// Tensors, and what a model declares about its inputs and outputs.

export interface Tensor {
  type: "float32" | "int64";
  data: Float32Array | BigInt64Array;
  dims: number[];
}

export interface OutputTensor {
  data: Float32Array;
  dims: number[];
}

export interface ValueInfo {
  name: string;
  type: string;
  /** A number is fixed; a name is a dimension that the caller chooses. */
  shape: (number | string)[];
}

/** The number of elements of a tensor. */
export const elementCount = (dims: number[]) => dims.reduce((product, size) => product * size, 1);
