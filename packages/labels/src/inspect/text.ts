// What can be said of a text in any language.
import { hash } from "node:crypto";

export interface TextFacts {
  characters: number;
  words: number;
  lines: number;
  /** Of its wording: texts that differ in case and white space alone are the same to a model. Hex. */
  sha256: string;
}

export function textFacts(text: string): TextFacts {
  return {
    characters: [...text].length,
    words: text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0,
    lines: text === "" ? 0 : text.split("\n").length,
    sha256: wordingHash(text),
  };
}

export const wordingHash = (text: string) =>
  hash("sha256", text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim(), "hex");
