import { expect, test } from "vitest";
import { measureBoxes } from "./boxes.ts";
import { compactTokens, compactVector, encodeEmbedding } from "./embedding.ts";
import { dominantScript } from "./script.ts";
import { measureText } from "./text.ts";

test.each([
  ["Send the file", "Latin"],
  ["Привет, мир", "Cyrillic"],
  ["東京 is in 日本", "Han"],
  ["これはペンです", "Kana"],
  ["שלום", "Hebrew"],
  ["ᚠᚢᚦ", "Other"],
  ["12:30!", "None"],
])("the script of %s is %s", (text, script) => {
  expect(dominantScript(text)).toBe(script);
});

test("a text's characters are code points, and its unknown share is of its tokens", () => {
  const embedding = () => [];
  expect(measureText("a🙂b", { count: 4, unknown: 1, embedding })).toMatchObject({
    characters: 3,
    unknownShare: 0.25,
  });
  expect(measureText("..", { count: 0, unknown: 0, embedding })).toMatchObject({
    tokens: 0,
    unknownShare: 0,
  });
  expect("unknownShare" in measureText("a", { count: 1, embedding })).toBe(false);
});

test("boxes are counted, and their areas are shares of the image", () => {
  const image = { width: 100, height: 50 };
  const found = [20, 10].map((side) => ({
    class: "car",
    confidence: 1,
    box: { x: 0, y: 0, width: side, height: side },
  }));
  expect(measureBoxes(found, image)).toEqual({ boxes: 2, meanBoxArea: 0.05, smallestBoxArea: 0.02 });
  expect(measureBoxes([], image)).toEqual({ boxes: 0 });
});

test("a short vector keeps its direction, whatever its length", () => {
  expect(compactVector([3, -4])).toEqual([76, -102]);
  expect(compactVector([300, -400])).toEqual([76, -102]);
  expect(compactVector([0, 0])).toEqual([0, 0]);
  expect(compactVector([1, NaN])).toEqual([0, 0]);
  expect(encodeEmbedding([127, 0, -127, -64])).toBe("fwCBwA==");
});

test("a long vector is folded to 64 bytes: close ones stay close, others apart", () => {
  const wave = (frequency: number) =>
    Float32Array.from({ length: 1280 }, (_, at) => Math.sin(at * frequency) + 1);
  const cosine = (left: number[], right: number[]) =>
    left.reduce((sum, value, at) => sum + value * right[at]!, 0) / Math.hypot(...left) / Math.hypot(...right);
  const [one, close, other] = [wave(0.31), wave(0.3101), wave(1.7)].map(compactVector);
  expect(one).toHaveLength(64);
  expect(cosine(one!, close!)).toBeGreaterThan(0.95);
  expect(cosine(one!, other!)).toBeLessThan(0.9);
});

test("the embedding of tokens does not depend on their order or number", () => {
  expect(compactTokens([5, 9, 700])).toEqual(compactTokens([700, 5, 9, 9, 5, 700]));
  expect(compactTokens([5, 9, 700])).not.toEqual(compactTokens([5, 9, 701]));
  expect(compactTokens([])).toEqual(Array(64).fill(0));
});
