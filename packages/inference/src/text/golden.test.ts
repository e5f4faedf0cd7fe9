// What the reference library makes of hard texts; golden/make.py tells how the files were made.
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createTokenizer } from "./tokenizer.ts";

interface Golden {
  limit: number;
  tokenizer: Parameters<typeof createTokenizer>[0];
  cases: { text: string; ids: number[] }[];
}

describe.each(["wordpiece-uncased", "wordpiece-cased", "byte-bpe", "byte-bpe-prefix", "metaspace-bpe"])(
  "%s makes the reference's tokens of",
  (name) => {
    const file = path.join(import.meta.dirname, `golden/${name}.json`);
    const { limit, tokenizer: made, cases } = JSON.parse(readFileSync(file, "utf8")) as Golden;
    const { encode } = createTokenizer(made);
    test.each(cases)("$text", ({ text, ids }) => {
      expect(encode(text, limit)).toEqual(ids);
    });
  },
);
