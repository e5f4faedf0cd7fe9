import { expect, test } from "vitest";
import { original } from "./document.ts";
import type { Prediction } from "./prediction.ts";

test("a file too large for an answer is not fetched; the error says where it lies", async () => {
  const source = { bucket: "uploads", key: "uploads/cats/film.mov", size: 5_000_000_000 };
  await expect(original({ source } as Prediction)).rejects.toMatchObject({
    code: "OBJECT_TOO_LARGE",
    hint: expect.stringContaining("s3://uploads/uploads/cats/film.mov"),
  });
});
