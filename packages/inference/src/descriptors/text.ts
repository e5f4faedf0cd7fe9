// Measures of a text for drift.
import { type Script, dominantScript } from "./script.ts";

export interface TextMeasures {
  characters: number;
  /** What the model reads, up to its limit, without special tokens; of a hashing tokenizer the words. */
  tokens: number;
  /** Of the tokens. Absent where the tokenizer has no vocabulary. */
  unknownShare?: number;
  script: Script;
  /** For a model without an embedding of its own. */
  embedding(): number[];
}

export interface ReadTokens {
  count: number;
  unknown?: number;
  embedding(): number[];
}

export function measureText(text: string, { count, unknown, embedding }: ReadTokens): TextMeasures {
  return {
    characters: countCharacters(text),
    tokens: count,
    ...(unknown !== undefined && { unknownShare: count === 0 ? 0 : unknown / count }),
    script: dominantScript(text),
    embedding,
  };
}

/** Code points: a surrogate pair is one character. */
function countCharacters(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) count--;
  return count;
}
