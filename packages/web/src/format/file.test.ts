import { expect, test } from "vitest";
import { fileName, typeOf } from "./file.ts";

test.each([
  ["uploads/cats/0a1b2c3d-garden.jpg", "garden.jpg"],
  ["uploads/cats/garden.jpg", "garden.jpg"],
  ["uploads/cats/0a1b2c3d-", "0a1b2c3d-"],
  ["data/cats/0a1b2c3d-garden.jpg", "0a1b2c3d-garden.jpg"],
  ["uploads/cats/", "uploads/cats/"],
])("the file name of %s is %s", (key, name) => {
  expect(fileName(key)).toBe(name);
});

test("the content type follows from the extension", () => {
  expect(["a.JPG", "b.tiff", "c.txt", "d", "e.xyz"].map(typeOf)).toEqual([
    "image/jpeg",
    "image/tiff",
    "text/plain",
    "application/octet-stream",
    "application/octet-stream",
  ]);
});
