// Compares token ids with the reference library's for hard texts; golden/make.py wrote the files.
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createTokenizer } from "./tokenizer.ts";

interface Golden {
  limit: number;
  tokenizer: Parameters<typeof createTokenizer>[0];
  cases: { text: string; ids: number[] }[];
}

const TOKENIZERS = [
  "wordpiece-uncased",
  "wordpiece-cased",
  "byte-bpe",
  "byte-bpe-prefix",
  "metaspace-bpe",
  "unigram",
  "unigram-bytes",
  "unigram-nmt",
  "unigram-precompiled",
];

describe.each(TOKENIZERS)("%s: same ids as the reference for", (name) => {
  const file = path.join(import.meta.dirname, `golden/${name}.json`);
  const { limit, tokenizer: made, cases } = JSON.parse(readFileSync(file, "utf8")) as Golden;
  const { encode } = createTokenizer(made);
  test.each(cases)("$text", ({ text, ids }) => {
    expect(encode(text, limit)).toEqual(ids);
  });
});
