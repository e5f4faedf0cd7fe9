// Unigram models (SentencePiece): of all ways to split a word into pieces, the one with the highest sum of scores.

export interface Unigram {
  /** Id and score by piece. */
  pieces: Map<string, Piece>;
  /** The UTF-16 length of the longest piece. */
  longest: number;
  unknown: number;
  /** For a character without a piece: lower than any score. */
  unknownScore: number;
  /** Ids of `<0x00>` to `<0xFF>`, which replace unknown characters. */
  bytes?: number[];
}

interface Piece {
  id: number;
  score: number;
}

/** SentencePiece's distance of an unknown character to the lowest score. */
const UNKNOWN_PENALTY = 10;

export interface UnigramFile {
  vocab: [piece: string, score: number][];
  unk_id?: number | null;
  byte_fallback?: boolean;
}

export function createUnigram({ vocab, unk_id: unknown, byte_fallback: fallback }: UnigramFile): Unigram {
  if (typeof unknown !== "number") throw new Error("its Unigram model has no 'unk_id'");
  const pieces = new Map(vocab.map(([piece, score], id) => [piece, { id, score }]));
  const lowest = vocab.reduce((least, [, score]) => Math.min(least, score), Infinity);
  const bytes = Array.from({ length: 256 }, (_, byte) => pieces.get(byteName(byte))?.id);
  return {
    pieces,
    longest: vocab.reduce((most, [piece]) => Math.max(most, piece.length), 1),
    unknown,
    unknownScore: lowest - UNKNOWN_PENALTY,
    ...(fallback && isComplete(bytes) && { bytes }),
  };
}

export const byteName = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
const isComplete = (ids: (number | undefined)[]): ids is number[] => ids.every((id) => id !== undefined);

/** The best path to each position. */
interface Paths {
  scores: Float64Array;
  /** Where the last piece starts; -1 for a position without a path. */
  starts: Int32Array;
  /** Of the last piece; -1 for an unknown character. */
  ids: Int32Array;
}

export function encodeUnigram(word: string, model: Unigram): number[] {
  const paths = findPaths(word, model);
  /** From the last to the first. */
  const parts: number[][] = [];
  for (let end = word.length; end > 0;) {
    let start = paths.starts[end]!;
    if (paths.ids[end]! >= 0) parts.push([paths.ids[end]!]);
    else {
      // Adjacent unknown characters are one unknown piece.
      while (start > 0 && paths.ids[start] === -1) start = paths.starts[start]!;
      parts.push(unknownIds(word.slice(start, end), model));
    }
    end = start;
  }
  return parts.reverse().flat();
}

function findPaths(word: string, { pieces, longest, unknownScore }: Unigram): Paths {
  const scores = new Float64Array(word.length + 1);
  const starts = new Int32Array(word.length + 1).fill(-1);
  const ids = new Int32Array(word.length + 1).fill(-1);
  const offer = (start: number, end: number, id: number, score: number) => {
    const candidate = scores[start]! + score;
    if (starts[end]! >= 0 && candidate <= scores[end]!) return;
    scores[end] = candidate;
    starts[end] = start;
    ids[end] = id;
  };
  for (let start = 0; start < word.length;) {
    const next = start + String.fromCodePoint(word.codePointAt(start)!).length;
    let known = false;
    for (let end = start + 1; end <= Math.min(start + longest, word.length); end++) {
      const piece = pieces.get(word.slice(start, end));
      if (!piece) continue;
      offer(start, end, piece.id, piece.score);
      known ||= end === next;
    }
    if (!known) offer(start, next, -1, unknownScore);
    start = next;
  }
  return { scores, starts, ids };
}

const encoder = new TextEncoder();

function unknownIds(text: string, { bytes, unknown }: Unigram): number[] {
  return bytes ? Array.from(encoder.encode(text), (byte) => bytes[byte]!) : [unknown];
}
