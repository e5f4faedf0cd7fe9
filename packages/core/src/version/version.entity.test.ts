import { expect, test } from "vitest";
import { ModelVersionEntity } from "./version.entity.ts";

const stored = { __edb_e__: "modelVersion", __edb_v__: "1", model: "cats", version: "0a1b2c3d4e5f" };

test.each([
  ["brought", "uploaded"],
  ["uploaded", "uploaded"],
  ["training", "training"],
  [undefined, undefined],
])("the stored source %s is read as %s", (source, expected) => {
  const { data } = ModelVersionEntity.parse({ Item: { ...stored, ...(source && { source }) } });
  expect(data?.source).toBe(expected);
});
