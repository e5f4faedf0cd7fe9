// What goes to the model's thread and comes back.
export interface Tensor {
  type: "float32" | "int64";
  data: Float32Array | BigInt64Array;
  dims: number[];
}

export interface ValueInfo {
  name: string;
  type: string;
  /** A number is fixed; a name is a dimension the caller chooses. */
  shape: (number | string)[];
}

export interface LaneData {
  model: string;
  threads: number;
}

export interface LaneRequest {
  id: number;
  feeds: Record<string, Tensor>;
  fetch: string;
}

export type LaneReply =
  | { inputs: ValueInfo[]; outputs: ValueInfo[] }
  | { failed: string }
  | { id: number; output: Tensor }
  | { id: number; error: string };
