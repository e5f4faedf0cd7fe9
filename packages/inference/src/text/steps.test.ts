import { describe, expect, test } from "vitest";
import { splitAtTokens } from "./added.ts";
import { createSplitter, type Step } from "./steps.ts";

// U+0085 is white space and U+FEFF is not, unlike for JavaScript's \s. The words are those of `tokenizers` 0.23.2.
describe("white space is Unicode's", () => {
  const split = (step: Step, text: string) => createSplitter(step)([text], true);

  test.each([
    ["a \u0085b", ["a", "b"]],
    ["!\ufeff!", ["!", "\ufeff", "!"]],
    ["a\u0085\u0085!", ["a", "!"]],
    ["x \ufeff y\u0085z", ["x", "\ufeff", "y", "z"]],
  ])("for BertPreTokenizer: %j", (text, words) => {
    expect(split({ type: "BertPreTokenizer" }, text)).toEqual(words);
  });

  test.each([
    ["a \u0085b", ["a", "Ġ", "Âħ", "b"]],
    ["!\ufeff!", ["!ï»¿!"]],
    [" \ufeffHello", ["Ġï»¿", "Hello"]],
    ["a\u0085\u0085!", ["a", "Âħ", "Âħ", "!"]],
  ])("for ByteLevel: %j", (text, words) => {
    expect(split({ type: "ByteLevel", add_prefix_space: false }, text)).toEqual(words);
  });

  test.each([
    ["a \u0085b", ["a", " \u0085", "b"]],
    ["!\ufeff!", ["!\ufeff!"]],
  ])("for the pattern of Split: %j", (text, words) => {
    const of = (Regex: string): Step => ({ type: "Split", behavior: "Isolated", pattern: { Regex } });
    expect(split(of("\\s+"), text)).toEqual(words);
    expect(split(of("[^\\S]+"), text)).toEqual(words);
    expect(split(of("\\\\s"), "a\\s b")).toEqual(["a", "\\s", " b"]);
  });

  test("beside an added token", () => {
    const splitText = splitAtTokens([{ id: 7, content: "<m>", lstrip: true, rstrip: true }]);
    expect(splitText("a\u0085<m>\ufeffa")).toEqual(["a", 7, "\ufeffa"]);
    expect(splitText("a\ufeff<m>\u0085a")).toEqual(["a\ufeff", 7, "a"]);
  });
});
