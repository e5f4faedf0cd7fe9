export interface Bpe {
  vocab: Map<string, number>;
  /** Rank by pair "left right"; the lowest merges first. */
  ranks: Map<string, number>;
  unknown?: string;
  /** Ids by word: words repeat often. */
  cache: Map<string, number[]>;
}

const CACHE_WORDS = 10_000;
/** Merging takes quadratic time. No language has longer words; text without spaces is cut. */
const MAX_WORD = 1_000;

export function encodeBpe(word: string, model: Bpe): number[] {
  const known = model.cache.get(word);
  if (known) return known;
  const ids: number[] = [];
  const characters = [...word];
  for (let at = 0; at < characters.length; at += MAX_WORD)
    for (const piece of merge(characters.slice(at, at + MAX_WORD), model.ranks)) {
      const id =
        model.vocab.get(piece) ?? (model.unknown === undefined ? undefined : model.vocab.get(model.unknown));
      if (id !== undefined) ids.push(id);
    }
  if (model.cache.size < CACHE_WORDS) model.cache.set(word, ids);
  return ids;
}

function merge(pieces: string[], ranks: Map<string, number>): string[] {
  while (pieces.length > 1) {
    let best = Infinity;
    let left = "";
    let right = "";
    for (let at = 0; at + 1 < pieces.length; at++) {
      const rank = ranks.get(`${pieces[at]} ${pieces[at + 1]}`);
      if (rank !== undefined && rank < best) [best, left, right] = [rank, pieces[at]!, pieces[at + 1]!];
    }
    if (best === Infinity) return pieces;
    const merged: string[] = [];
    for (let at = 0; at < pieces.length; at++) {
      if (pieces[at] === left && pieces[at + 1] === right) {
        merged.push(left + right);
        at++;
      } else merged.push(pieces[at]!);
    }
    pieces = merged;
  }
  return pieces;
}
