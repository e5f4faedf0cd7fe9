// Embeddings as the engine returns them: signed bytes in base64, 127 for 1.

export function decodeEmbedding(text: string): Float64Array {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return Float64Array.from(new Int8Array(bytes.buffer), (value) => value / 127);
}
