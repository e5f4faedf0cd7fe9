// Embeddings for drift: at most 64 signed bytes. Longer vectors are folded, which keeps distances on average (count sketch).

const MAX_LENGTH = 64;

/** A vector of any length as bytes in proportion: 127 is the length of the vector. All 0 where it has no finite length. */
export function compactVector(values: ArrayLike<number>): number[] {
  if (values.length <= MAX_LENGTH) return toBytes(Float64Array.from(values));
  const folded = new Float64Array(MAX_LENGTH);
  for (let at = 0; at < values.length; at++) fold(folded, at, values[at]!);
  return toBytes(folded);
}

/** The embedding of a bag of token ids. */
export function compactTokens(ids: ArrayLike<number>): number[] {
  const folded = new Float64Array(MAX_LENGTH);
  for (let at = 0; at < ids.length; at++) fold(folded, ids[at]!, 1);
  return toBytes(folded);
}

/** Each position has a fixed place and sign, by a multiplicative hash. */
function fold(folded: Float64Array, position: number, value: number) {
  const hash = Math.imul(position + 1, 0x9e3779b1) >>> 0;
  folded[hash >>> 26]! += (hash >>> 25) & 1 ? value : -value;
}

function toBytes(values: Float64Array): number[] {
  const length = Math.hypot(...values);
  if (!(length > 0 && Number.isFinite(length))) return Array.from(values, () => 0);
  return Array.from(values, (value) => Math.round((127 * value) / length));
}

export const encodeEmbedding = (bytes: readonly number[]) =>
  Buffer.from(Int8Array.from(bytes).buffer).toString("base64");
