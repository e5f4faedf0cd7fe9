export interface WordPiece {
  vocab: Map<string, number>;
  unknown: string;
  prefix: string;
  /** Longer words are unknown: matching takes quadratic time. */
  maxCharacters: number;
}

/** Greedy longest match from the left; a word with a piece that does not match is unknown. */
export function encodeWordPiece(
  word: string,
  { vocab, unknown, prefix, maxCharacters }: WordPiece,
): number[] {
  const characters = [...word];
  if (characters.length > maxCharacters) return [vocab.get(unknown)!];
  const ids: number[] = [];
  for (let start = 0; start < characters.length;) {
    let end = characters.length;
    let id: number | undefined;
    for (; end > start; end--) {
      const piece = (start > 0 ? prefix : "") + characters.slice(start, end).join("");
      id = vocab.get(piece);
      if (id !== undefined) break;
    }
    if (id === undefined) return [vocab.get(unknown)!];
    ids.push(id);
    start = end;
  }
  return ids;
}
