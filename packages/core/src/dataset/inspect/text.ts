// What can be said of a text in any language.
import { digest53 } from "../format/key-set.ts";

export interface TextFacts {
  characters: number;
  words: number;
  lines: number;
  /** 16 hex digits; texts that share most of their wording differ in few bits. */
  hash: string;
}

/** Characters of a piece that is compared: long enough to be telling, short enough for languages without spaces. */
const PIECE = 4;

export function textFacts(text: string): TextFacts {
  return {
    characters: [...text].length,
    words: text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0,
    lines: text === "" ? 0 : text.split("\n").length,
    hash: simhash(text),
  };
}

/** Each piece votes for or against each bit with its own digest (Charikar). */
function simhash(text: string): string {
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  const votes = new Int32Array(64);
  const pieces = new Set<string>();
  for (let at = 0; at === 0 || at + PIECE <= plain.length; at += 1) pieces.add(plain.slice(at, at + PIECE));
  for (const piece of pieces) {
    const [low, high] = [digest53(piece) % 0x1_0000_0000, digest53(`${piece}\0`) % 0x1_0000_0000];
    for (let bit = 0; bit < 32; bit += 1) {
      votes[bit]! += (low >>> bit) & 1 ? 1 : -1;
      votes[bit + 32]! += (high >>> bit) & 1 ? 1 : -1;
    }
  }
  let hash = "";
  for (let digit = 60; digit >= 0; digit -= 4)
    hash += [3, 2, 1, 0].reduce((sum, bit) => sum * 2 + (votes[digit + bit]! > 0 ? 1 : 0), 0).toString(16);
  return hash;
}
