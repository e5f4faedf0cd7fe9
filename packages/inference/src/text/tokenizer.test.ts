import { describe, expect, test } from "vitest";
import { hashText } from "./hash.ts";
import { createTokenizer } from "./tokenizer.ts";

const VOCAB = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "un",
  "##aff",
  "##able",
  "hello",
  ",",
  "world",
  "!",
  "cafe",
  "中",
  "##s",
];
const bert = createTokenizer({
  normalizer: { type: "BertNormalizer", lowercase: true },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: { type: "BertProcessing", cls: ["[CLS]", 2], sep: ["[SEP]", 3] },
  model: {
    type: "WordPiece",
    vocab: Object.fromEntries(VOCAB.map((token, id) => [token, id])),
    unk_token: "[UNK]",
  },
});
const words = (ids: number[]) => ids.map((id) => VOCAB[id]);

describe("WordPiece", () => {
  test.each<[string, string[]]>([
    ["unaffable", ["un", "##aff", "##able"]],
    ["Hello, WORLD!", ["hello", ",", "world", "!"]],
    ["Café", ["cafe"]],
    ["hello\u200b world", ["hello", "world"]],
    ["中中", ["中", "中"]],
    ["helloxyz", ["[UNK]"]],
    ["worlds", ["world", "##s"]],
    ["", []],
  ])("%j", (text, expected) => {
    expect(words(bert.encode(text, 64))).toEqual(["[CLS]", ...expected, "[SEP]"]);
  });

  test("truncates to the length and keeps the closing token", () => {
    expect(words(bert.encode("hello ".repeat(1000), 5))).toEqual([
      "[CLS]",
      "hello",
      "hello",
      "hello",
      "[SEP]",
    ]);
  });

  test("a very long word is encoded quickly", () => {
    expect(words(bert.encode("x".repeat(200_000), 8))).toEqual(["[CLS]", "[UNK]", "[SEP]"]);
  });
});

describe("byte-level BPE", () => {
  const vocab = ["<s>", "</s>", "l", "o", "w", "e", "r", "Ġ", "lo", "low", "er", "Ġlow", "Ã", "©"];
  const bpe = createTokenizer({
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false },
    post_processor: { type: "RobertaProcessing", cls: ["<s>", 0], sep: ["</s>", 1] },
    model: {
      type: "BPE",
      vocab: Object.fromEntries(vocab.map((token, id) => [token, id])),
      merges: ["l o", "lo w", ["e", "r"], "Ġ low"],
    },
  });
  test.each<[string, string[]]>([
    ["low lower", ["low", "Ġlow", "er"]],
    ["lowé", ["low", "Ã", "©"]],
    ["wol", ["w", "o", "l"]],
  ])("%j", (text, expected) => {
    expect(bpe.encode(text, 64).map((id) => vocab[id])).toEqual(["<s>", ...expected, "</s>"]);
  });
});

test("an unsupported tokenizer is an error with its name", () => {
  expect(() => createTokenizer({ model: { type: "Unigram", vocab: {} } })).toThrow(/Unigram/);
  expect(() =>
    createTokenizer({ normalizer: { type: "Magic" }, model: { type: "BPE", vocab: {}, merges: [] } }),
  ).toThrow(/Magic/);
});

test("hashed text has length 1, ignores case, and depends on word order", () => {
  const how = { kind: "hash" as const, buckets: 512, words: [1, 2], characters: [3] };
  const one = hashText("Send the file", how);
  expect(Math.hypot(...one)).toBeCloseTo(1, 6);
  expect(hashText("send THE file!", how)).toEqual(one);
  expect(hashText("the file send", how)).not.toEqual(one);
  expect(Math.hypot(...hashText("!!!", how))).toBe(0);
});
