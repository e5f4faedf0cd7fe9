// Reads tokenizer files, and encodes text as token ids.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { InferenceError } from "../error.ts";
import { type AddedToken, splitAtTokens } from "./added.ts";
import { encodeBpe } from "./bpe.ts";
import { type Step, createNormaliser, createSplitter } from "./steps.ts";
import { type UnigramFile, byteName, createUnigram, encodeUnigram } from "./unigram.ts";
import { encodeWordPiece } from "./wordpiece.ts";

export interface Tokenizer {
  /** Ids with special tokens, at most `maxLength`. */
  encode(text: string, maxLength: number): number[];
  /** Of text that the vocabulary does not have: the unknown token, or its bytes as tokens. */
  isUnknown(id: number): boolean;
  /** Of the tokens around each sequence. */
  isSpecial(id: number): boolean;
}

type TemplatePart = { SpecialToken?: { id: string }; Sequence?: { id: string } };

interface TokenizerFile {
  added_tokens?: AddedToken[];
  normalizer?: Step | null;
  pre_tokenizer?: Step | null;
  post_processor?: Step | null;
  model: {
    type?: string;
    /** A list for Unigram. */
    vocab: Record<string, number> | UnigramFile["vocab"];
    merges?: (string | [string, string])[];
    unk_token?: string | null;
    continuing_subword_prefix?: string | null;
    max_input_chars_per_word?: number;
    unk_id?: number | null;
    byte_fallback?: boolean;
  };
}

export async function readTokenizer(dir: string, name: string): Promise<Tokenizer> {
  const text = await readFile(path.join(dir, name), "utf8").catch((error: unknown) => {
    throw invalid(`The package has no ${name}, which the tokenizer needs.`, error);
  });
  try {
    return createTokenizer(name.endsWith(".txt") ? bertTokenizer(text) : (JSON.parse(text) as TokenizerFile));
  } catch (error) {
    if (error instanceof InferenceError) throw error;
    throw invalid(`${name} cannot be used: ${(error as Error).message}`, error);
  }
}

/** vocab.txt is a list of word pieces, used with BERT's steps. */
function bertTokenizer(text: string): TokenizerFile {
  const vocab = Object.fromEntries(
    text.split(/\r?\n/).flatMap((token, id) => (token === "" ? [] : [[token, id]])),
  );
  const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
  return {
    added_tokens: special.flatMap((content) => (content in vocab ? [{ content, id: vocab[content]! }] : [])),
    normalizer: { type: "BertNormalizer" },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "BertProcessing",
      cls: ["[CLS]", vocab["[CLS]"]],
      sep: ["[SEP]", vocab["[SEP]"]],
    },
    model: { type: "WordPiece", vocab, unk_token: "[UNK]" },
  };
}

export function createTokenizer(file: TokenizerFile): Tokenizer {
  const vocab = readVocabulary(file.model);
  const added = file.added_tokens ?? [];
  for (const { content, id } of added) vocab.set(content, id);
  const normalise = createNormaliser(file.normalizer);
  const splitOriginal = splitAtTokens(added.filter((token) => !token.normalized));
  const splitNormalised = splitAtTokens(
    added
      .filter((token) => token.normalized)
      .map((token) => ({ ...token, content: normalise(token.content) })),
  );
  const split = createSplitter(file.pre_tokenizer);
  const encodeWord = wordEncoder(file, vocab);
  const { before, after } = specialTokens(file.post_processor, vocab);
  const unknown = unknownIds(file.model, vocab);
  const special = new Set([...before, ...after]);

  return {
    encode(text, maxLength) {
      const limit = maxLength - before.length - after.length;
      const ids: number[] = [];
      const parts = splitOriginal(text).flatMap((part) =>
        typeof part === "number" ? [part] : splitNormalised(normalise(part)),
      );
      for (const [at, part] of parts.entries()) {
        for (const word of typeof part === "number" ? [part] : split([part], at === 0)) {
          if (ids.length >= limit) break;
          if (typeof word === "number") ids.push(word);
          else for (const id of encodeWord(word)) ids.push(id);
        }
      }
      return [...before, ...ids.slice(0, Math.max(limit, 0)), ...after];
    },
    isUnknown: (id) => unknown.has(id),
    isSpecial: (id) => special.has(id),
  };
}

function readVocabulary({ vocab }: TokenizerFile["model"]): Map<string, number> {
  return new Map(Array.isArray(vocab) ? vocab.map(([piece], id) => [piece, id]) : Object.entries(vocab));
}

function wordEncoder({ model }: TokenizerFile, vocab: Map<string, number>): (word: string) => number[] {
  const type = model.type ?? (model.merges ? "BPE" : Array.isArray(model.vocab) ? "Unigram" : "WordPiece");
  if (type === "WordPiece") {
    const unknown = model.unk_token ?? "[UNK]";
    if (!vocab.has(unknown)) throw new Error(`its vocabulary lacks the unknown token '${unknown}'`);
    const options = {
      vocab,
      unknown,
      prefix: model.continuing_subword_prefix ?? "##",
      maxCharacters: model.max_input_chars_per_word ?? 100,
    };
    return (word) => encodeWordPiece(word, options);
  }
  if (type === "BPE") {
    const pairs = (model.merges ?? []).map((pair) => (typeof pair === "string" ? pair : pair.join(" ")));
    const options = {
      vocab,
      ranks: new Map(pairs.map((pair, rank) => [pair, rank])),
      cache: new Map<string, number[]>(),
      ...(model.unk_token && { unknown: model.unk_token }),
    };
    return (word) => encodeBpe(word, options);
  }
  if (type === "Unigram" && Array.isArray(model.vocab)) {
    const unigram = createUnigram({ ...model, vocab: model.vocab });
    return (word) => encodeUnigram(word, unigram);
  }
  throw new Error(`its model is '${type}'; WordPiece, BPE and Unigram are supported`);
}

function unknownIds(model: TokenizerFile["model"], vocab: Map<string, number>): Set<number> {
  const ids = Array.isArray(model.vocab) ? [model.unk_id] : [vocab.get(model.unk_token ?? "[UNK]")];
  const bytes = model.byte_fallback
    ? Array.from({ length: 256 }, (_, byte) => vocab.get(byteName(byte)))
    : [];
  return new Set([...ids, ...bytes].filter((id) => typeof id === "number"));
}

/** The special tokens before and after a sequence. */
function specialTokens(
  step: Step | null | undefined,
  vocab: Map<string, number>,
): { before: number[]; after: number[] } {
  if (!step || step.type === "ByteLevel") return { before: [], after: [] };
  if (step.type === "Sequence") {
    const all = (step["processors"] as Step[]).map((inner) => specialTokens(inner, vocab));
    return { before: all.flatMap(({ before }) => before), after: all.flatMap(({ after }) => after) };
  }
  if (step.type === "BertProcessing" || step.type === "RobertaProcessing")
    return { before: [(step["cls"] as [string, number])[1]], after: [(step["sep"] as [string, number])[1]] };
  if (step.type === "TemplateProcessing") {
    const parts = step["single"] as TemplatePart[];
    const special = step["special_tokens"] as Record<string, { ids: number[] }> | undefined;
    const at = parts.findIndex(({ Sequence }) => Sequence);
    const ids = (some: TemplatePart[]) =>
      some.flatMap(({ SpecialToken }) => {
        const token = SpecialToken!.id;
        return special?.[token]?.ids ?? [vocab.get(token)!];
      });
    return { before: ids(parts.slice(0, at)), after: ids(parts.slice(at + 1)) };
  }
  throw new Error(`its post_processor '${step.type}' is not supported`);
}

function invalid(message: string, cause: unknown) {
  return new InferenceError(
    "PACKAGE_INVALID",
    422,
    message,
    "Put the tokenizer's own files beside model.onnx: tokenizer.json, or vocab.txt for WordPiece.",
    cause,
  );
}
