import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addNumbers, canonicalNumber, compareNumbers, encodeNumber, subtractNumbers } from "./decimal.ts";

/** Numbers with up to 38 digits and any exponent AWS takes; `scaled` is the same number as an integer of 10^-200. */
const numbers = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }), fc.integer({ min: -92, max: 87 }))
  .map(([negative, digits, exponent]) => ({
    text: `${negative ? "-" : ""}${digits}E${exponent}`,
    scaled: (negative ? -digits : digits) * 10n ** BigInt(exponent + 200),
  }));

describe("numbers", () => {
  test.each([
    ["1.0", "1"],
    ["-0", "0"],
    ["1e3", "1000"],
    [".5", "0.5"],
    ["+5.", "5"],
    ["0001.2300", "1.23"],
    ["1E-5", "0.00001"],
    ["123456789012345678901234567890.12345678", "123456789012345678901234567890.12345678"],
  ])("%s is stored as %s", (text, kept) => expect(canonicalNumber(text)).toBe(kept));

  test.each([
    ["", /cannot be converted to a numeric value$/],
    ["abc", /numeric value: abc/],
    ["1,5", /numeric value: 1,5/],
    [".", /numeric value: \./],
    ["NaN", /numeric value: NaN/],
    ["1e126", /overflow/],
    ["1e-131", /underflow/],
    ["1".repeat(39), /38 significant digits/],
  ])("%s is rejected", (text, message) => expect(() => canonicalNumber(text)).toThrow(message));

  test("the largest and smallest numbers are accepted", () => {
    expect(canonicalNumber("9.9E125")).toBe(`99${"0".repeat(124)}`);
    expect(canonicalNumber("1E-130")).toBe(`0.${"0".repeat(129)}1`);
  });

  test("sums are exact", () => {
    expect(addNumbers("0.1", "0.2")).toBe("0.3");
    expect(subtractNumbers("1", "1")).toBe("0");
    expect(addNumbers("9007199254740993", "1")).toBe("9007199254740994");
    expect(() => addNumbers("9".repeat(38), "0.1")).toThrow(/38 significant digits/);
  });

  test("encoded bytes have the order of the numbers", () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const order = a.scaled < b.scaled ? -1 : a.scaled > b.scaled ? 1 : 0;
        expect(Math.sign(Buffer.compare(encodeNumber(a.text), encodeNumber(b.text)))).toBe(order);
        expect(Math.sign(compareNumbers(a.text, b.text))).toBe(order);
        expect(canonicalNumber(a.text) === canonicalNumber(b.text)).toBe(order === 0);
      }),
      { seed: 1 },
    );
  });

  test("subtraction reverses addition", () => {
    const small = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((n) => n / 1000);
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(subtractNumbers(addNumbers(String(a), String(b)), String(b))).toBe(canonicalNumber(String(a)));
      }),
      { seed: 1 },
    );
  });
});
