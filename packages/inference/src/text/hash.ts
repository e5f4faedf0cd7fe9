// Hashes n-grams of words and characters into one vector. It needs no vocabulary.
import type { TextInput } from "../package.ts";

type HashTokenizer = Extract<TextInput["tokenizer"], { kind: "hash" }>;

export const hashText = (text: string, tokenizer: HashTokenizer) => hashWords(splitWords(text), tokenizer);

/** Logarithmic counts, scaled to length 1: a long text counts as much as a short one. */
export function hashWords(found: string[], { buckets, words, characters }: HashTokenizer): Float32Array {
  const vector = new Float32Array(buckets);
  for (const size of words)
    for (let at = 0; at + size <= found.length; at++)
      vector[bucketOf(`w${size}:${found.slice(at, at + size).join(" ")}`, buckets)]! += 1;
  for (const size of characters) {
    const line = ` ${found.join(" ")} `;
    for (let at = 0; at + size <= line.length; at++)
      vector[bucketOf(`c${size}:${line.slice(at, at + size)}`, buckets)]! += 1;
  }
  let squares = 0;
  for (let at = 0; at < buckets; at++) squares += (vector[at] = Math.log1p(vector[at]!)) ** 2;
  const length = Math.sqrt(squares) || 1;
  for (let at = 0; at < buckets; at++) vector[at]! /= length;
  return vector;
}

/** Runs of letters and digits, in lower case. */
export const splitWords = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** FNV-1a over UTF-16 units. The final mix spreads the low bits, which the modulo uses. */
function bucketOf(token: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < token.length; at++) hash = Math.imul(hash ^ token.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % buckets;
}
