import { models } from "@sluice/models/index.ts";
import { expect, test } from "vitest";
import { contentTypeOf } from "./content-type.ts";

test.each([
  ["photos/car.jpg", "image/jpeg"],
  ["CAR.JPEG", "image/jpeg"],
  ["plan.v2.tiff", "image/tiff"],
  ["note.txt", "text/plain"],
])("%s is %s", (file, type) => {
  expect(contentTypeOf(file)).toBe(type);
});

test("every content type that a model accepts has a file extension", () => {
  const types = ["jpg", "png", "webp", "gif", "bmp", "tif", "txt", "json"].map((extension) =>
    contentTypeOf(`x.${extension}`),
  );
  for (const { accepts } of models) expect(types).toEqual(expect.arrayContaining([...accepts.contentTypes]));
});

test.each(["car", "car.", "archive.tar.gz", ".jpg"])("%o needs --type", (file) => {
  expect(() => contentTypeOf(file)).toThrow(
    expect.objectContaining({ code: "TYPE_UNKNOWN", exit: 2, hint: expect.stringContaining("--type") }),
  );
});
