// The normalizers and pre-tokenizers that a tokenizer.json names. White space is Unicode's, as in the reference library:
// JavaScript's \s lacks U+0085 and contains U+FEFF.
import { InferenceError } from "../error.ts";
import { toByteLevel } from "./bytelevel.ts";
import { createPrecompiled } from "./precompiled.ts";

export interface Step {
  type: string;
  [option: string]: unknown;
}

type Normalise = (text: string) => string;
/** `atStart`: these words begin the text. */
type Split = (words: string[], atStart: boolean) => string[];

export function createNormaliser(step: Step | null | undefined): Normalise {
  if (!step) return (text) => text;
  switch (step.type) {
    case "Sequence": {
      const all = (step["normalizers"] as Step[]).map(createNormaliser);
      return (text) => all.reduce((value, next) => next(value), text);
    }
    case "BertNormalizer":
      return bertNormaliser(step);
    case "Lowercase":
      return (text) => text.toLowerCase();
    case "StripAccents":
      return (text) => text.replace(/\p{Mn}/gu, "");
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD": {
      const form = step.type;
      return (text) => text.normalize(form);
    }
    case "Nmt":
      return nmtNormaliser;
    case "Strip":
      return (text) => {
        const left = step["strip_left"] === false ? text : text.replace(/^\p{White_Space}+/u, "");
        return step["strip_right"] === false ? left : left.replace(/\p{White_Space}+$/u, "");
      };
    case "Precompiled":
      return step["precompiled_charsmap"]
        ? createPrecompiled(String(step["precompiled_charsmap"]))
        : (text) => text;
    case "Prepend":
      return (text) => String(step["prepend"]) + text;
    case "Replace": {
      const pattern = patternOf(step);
      return (text) => text.replace(pattern, () => String(step["content"]));
    }
  }
  throw unknownStep("normalizer", step.type);
}

/** SentencePiece's rules for machine translation: no control characters, and every blank is a space. */
const nmtNormaliser: Normalise = (text) =>
  text
    // oxlint-disable-next-line no-control-regex -- control characters are the ones to remove
    .replace(/[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]/g, "")
    .replace(/[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g, " ");

function bertNormaliser(step: Step): Normalise {
  const lower = step["lowercase"] !== false;
  const strip = step["strip_accents"] ?? lower;
  return (text) => {
    let value = text;
    if (step["clean_text"] !== false)
      value = value
        .replace(/[\t\n\r]/g, " ")
        .replace(/[\0\ufffd\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, "")
        .replace(/\p{White_Space}/gu, " ");
    if (step["handle_chinese_chars"] !== false) value = value.replace(/\p{Script=Han}/gu, " $& ");
    if (strip) value = value.normalize("NFD").replace(/\p{Mn}/gu, "");
    return lower ? value.toLowerCase() : value;
  };
}

/** BERT counts ASCII symbols as punctuation too. */
const PUNCTUATION = /[\p{P}!-/:-@[-`{-~]/u;

export function createSplitter(step: Step | null | undefined): Split {
  if (!step) return (words) => words;
  const each =
    (split: (word: string, first: boolean) => string[]): Split =>
    (words, atStart) =>
      words.flatMap((word, at) => (word === "" ? [] : split(word, atStart && at === 0)));
  switch (step.type) {
    case "Sequence": {
      const all = (step["pretokenizers"] as Step[]).map(createSplitter);
      return (words, atStart) => all.reduce((value, next) => next(value, atStart), words);
    }
    case "BertPreTokenizer":
      return each(
        (word) =>
          word.match(
            new RegExp(`${PUNCTUATION.source}|(?:(?!${PUNCTUATION.source})\\P{White_Space})+`, "gu"),
          ) ?? [],
      );
    case "Whitespace":
      return each((word) => word.match(/[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\p{White_Space}]+/gu) ?? []);
    case "WhitespaceSplit":
      return each((word) => word.match(/[^\p{White_Space}]+/gu) ?? []);
    case "Punctuation":
      return each((word) => word.split(new RegExp(`(${PUNCTUATION.source})`, "u")).filter(Boolean));
    case "Digits":
      return each(
        (word) => word.match(step["individual_digits"] ? /\p{Nd}|\P{Nd}+/gu : /\p{Nd}+|\P{Nd}+/gu) ?? [],
      );
    case "Metaspace": {
      const mark = String(step["replacement"] ?? "▁");
      const scheme = step["prepend_scheme"] ?? (step["add_prefix_space"] === false ? "never" : "always");
      return each((word, first) => {
        const marked = word.replaceAll(" ", mark);
        const prepend = !marked.startsWith(mark) && (scheme === "always" || (scheme === "first" && first));
        const whole = prepend ? mark + marked : marked;
        if (step["split"] === false) return [whole];
        return whole.match(new RegExp(`${mark}?[^${mark}]+|${mark}`, "gu")) ?? [];
      });
    }
    case "Split": {
      const pattern = patternOf(step);
      if (step["behavior"] !== "Isolated" && step["behavior"] !== "Removed") break;
      const keep = step["behavior"] === "Isolated";
      return each((word) => splitBy(word, pattern, keep));
    }
    case "ByteLevel":
      return each((word) =>
        toByteLevel(word, {
          prefixSpace: step["add_prefix_space"] === true,
          split: step["use_regex"] !== false,
        }),
      );
  }
  throw unknownStep(
    "pre_tokenizer",
    step["behavior"] ? `${step.type} (${String(step["behavior"])})` : step.type,
  );
}

function splitBy(word: string, pattern: RegExp, keep: boolean): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of word.matchAll(pattern)) {
    parts.push(word.slice(from, match.index));
    if (keep) parts.push(match[0]);
    from = match.index + match[0].length;
  }
  return [...parts, word.slice(from)].filter(Boolean);
}

function patternOf(step: Step): RegExp {
  const { Regex, String: literal } = step["pattern"] as { Regex?: string; String?: string };
  if (Regex === undefined) return new RegExp(RegExp.escape(literal ?? ""), "gu");
  // JavaScript also reads `(?i:...)`, as other tokenizers write case-insensitive groups.
  return new RegExp(useUnicodeWhiteSpace(Regex), "gu");
}

const useUnicodeWhiteSpace = (pattern: string) =>
  pattern.replace(/\\./gsu, (escape) =>
    escape === "\\s" ? "\\p{White_Space}" : escape === "\\S" ? "\\P{White_Space}" : escape,
  );

function unknownStep(part: string, type: string) {
  return new InferenceError(
    "PACKAGE_INVALID",
    422,
    `tokenizer.json uses the ${part} '${type}', which is not supported.`,
    "Export the tokenizer with WordPiece, byte-level BPE or Unigram and their usual steps.",
  );
}
