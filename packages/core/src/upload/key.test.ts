import fc from "fast-check";
import { expect, test } from "vitest";
import { uploadKey } from "./key.ts";

test("any file name becomes a short key directly below its prefix", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 2_000 }), fc.webPath()), (name) => {
      const key = uploadKey("uploads/cats/", name, "12345678-90");
      expect(key.startsWith("uploads/cats/12345678-")).toBe(true);
      const rest = key.slice("uploads/cats/".length);
      expect(rest).not.toMatch(/[/\\\s]|\.\.$/);
      expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1_024);
      expect(rest.length).toBeGreaterThan("12345678-".length);
    }),
    { seed: 5, numRuns: 500 },
  );
});

test("the key contains the file name, and `..` cannot leave the prefix", () => {
  expect(uploadKey("uploads/cats/", "Grüße an Mu.jpg", "12345678")).toBe(
    "uploads/cats/12345678-Grüße-an-Mu.jpg",
  );
  expect(uploadKey("uploads/cats/", "../../etc/passwd", "12345678")).toBe("uploads/cats/12345678-passwd");
  expect(uploadKey("uploads/cats/", "..", "12345678")).toBe("uploads/cats/12345678-upload");
});
