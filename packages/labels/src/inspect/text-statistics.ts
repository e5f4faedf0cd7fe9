// Statistics of a text in any language.
import { hash } from "node:crypto";

export interface TextStatistics {
  characters: number;
  words: number;
  lines: number;
  /** Hex, of the normalized wording: texts that differ in case or white space only are equal. */
  sha256: string;
}

export function textStatistics(text: string): TextStatistics {
  return {
    characters: [...text].length,
    words: text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0,
    lines: text === "" ? 0 : text.split("\n").length,
    sha256: wordingHash(text),
  };
}

export const wordingHash = (text: string) =>
  hash("sha256", text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim(), "hex");
