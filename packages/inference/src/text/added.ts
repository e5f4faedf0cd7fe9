export interface AddedToken {
  id: number;
  content: string;
  /** Matched in the normalized text instead of the original. */
  normalized?: boolean;
  single_word?: boolean;
  /** Removes the white space before it, after it. */
  lstrip?: boolean;
  rstrip?: boolean;
}

const BLANKS = "\\p{White_Space}*";

/** Splits a text at added tokens: returns their ids, and the text between them. */
export function splitAtTokens(tokens: AddedToken[]): (text: string) => (string | number)[] {
  if (tokens.length === 0) return (text) => [text];
  const all = tokens.toSorted((left, right) => right.content.length - left.content.length);
  const pattern = all.map(({ content, single_word: alone, lstrip, rstrip }) => {
    const word = RegExp.escape(content);
    const bounded = alone ? `(?<![\\p{L}\\p{N}_])${word}(?![\\p{L}\\p{N}_])` : word;
    return `${lstrip ? BLANKS : ""}(${bounded})${rstrip ? BLANKS : ""}`;
  });
  const expression = new RegExp(pattern.join("|"), "gu");
  return (text) => {
    const parts: (string | number)[] = [];
    let from = 0;
    for (const match of text.matchAll(expression)) {
      parts.push(
        text.slice(from, match.index),
        all[match.slice(1).findIndex((group) => group !== undefined)]!.id,
      );
      from = match.index + match[0].length;
    }
    return [...parts, text.slice(from)].filter((part) => part !== "");
  };
}
