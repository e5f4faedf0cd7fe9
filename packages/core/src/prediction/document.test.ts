import { expect, test } from "vitest";
import { readInputFile } from "./document.ts";
import type { Prediction } from "./prediction.ts";

test("a file too large for a response is not read; the error has its S3 URI", async () => {
  const source = { bucket: "uploads", key: "uploads/cats/film.mov", size: 5_000_000_000 };
  await expect(readInputFile({ source } as Prediction)).rejects.toMatchObject({
    code: "OBJECT_TOO_LARGE",
    hint: expect.stringContaining("s3://uploads/uploads/cats/film.mov"),
  });
});
