import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkBytes } from "./check.ts";
import { inspectHeader } from "@sluice/labels/image/header.ts";
import { pictures } from "@sluice/labels/image/pictures.fixture.ts";

const images = {
  types: ["image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff"],
  maxBytes: 1_000_000,
  maxPixels: 10_000,
};
const texts = { types: ["text/plain"], maxBytes: 1_000, maxPixels: 1 };
const code = (bytes: Uint8Array, accepted = images) => {
  try {
    return checkBytes(bytes, "k", accepted);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("The check of an object", () => {
  test.each(Object.entries(pictures))("returns type and size of %s", (type, bytes) => {
    expect(inspectHeader(bytes)).toEqual({ kind: "image", type, width: 20, height: 10 });
    expect(code(bytes)).toEqual({ contentType: type, image: { width: 20, height: 10 } });
  });

  test.each(Object.entries(pictures))("rejects a truncated %s", (type, bytes) => {
    // A TIFF's directory may be before its pixels, so the header does not show that pixels are missing.
    const longest = type === "image/tiff" ? 100 : bytes.length - 1;
    for (let length = 1; length <= longest; length += 1) {
      expect(code(bytes.subarray(0, length)), `${length} bytes`).toMatch(
        /^(IMAGE_TRUNCATED|IMAGE_UNREADABLE|TYPE_NOT_ACCEPTED)$/,
      );
    }
    expect(code(bytes.subarray(0, 40))).toBe("IMAGE_TRUNCATED");
  });

  test("rejects objects that are empty, too large, of another type, or with too many pixels", () => {
    expect(code(new Uint8Array())).toBe("OBJECT_EMPTY");
    expect(code(new Uint8Array(1_000_001))).toBe("OBJECT_TOO_LARGE");
    expect(code(Buffer.from("hello"))).toBe("TYPE_NOT_ACCEPTED");
    expect(code(Buffer.from("%PDF-1.7 \x00\xff", "latin1"))).toBe("TYPE_NOT_ACCEPTED");
    expect(code(pictures["image/png"]!, { ...images, maxPixels: 100 })).toBe("IMAGE_TOO_LARGE");
    expect(code(pictures["image/png"]!, { ...images, types: ["image/jpeg"] })).toBe("TYPE_NOT_ACCEPTED");
  });

  test("accepts texts in UTF-8 only", () => {
    expect(code(Buffer.from("Grüße 🦊"), texts)).toEqual({ contentType: "text/plain", characters: 8 });
    expect(code(Buffer.from(" \n\t"), texts)).toBe("TEXT_EMPTY");
    expect(code(Buffer.from([0xc3, 0x28]), texts)).toBe("TEXT_UNREADABLE");
    expect(code(Buffer.from("a\0b"), texts)).toBe("TEXT_UNREADABLE");
    expect(code(pictures["image/gif"]!, texts)).toBe("TYPE_NOT_ACCEPTED");
  });

  test("returns a result or a known error for any bytes", () => {
    const heads = fc.constantFrom(...Object.values(pictures));
    const mutated = fc
      .tuple(heads, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(200))
      .map(([bytes, at, value, cut]) => {
        const copy = Buffer.from(bytes);
        copy[at % copy.length] = value;
        return copy.subarray(0, Math.max(1, copy.length - cut));
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ minLength: 1, maxLength: 300 })), (bytes) => {
        const result = code(bytes);
        expect(typeof result === "string" ? result : "OK").toMatch(
          /^(OK|IMAGE_[A-Z_]+|TYPE_NOT_ACCEPTED|TEXT_UNREADABLE)$/,
        );
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
