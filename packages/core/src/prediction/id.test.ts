import fc from "fast-check";
import { expect, test } from "vitest";
import { predictionId } from "./id.ts";

const text = fc.string({ unit: "binary" });
const identity = fc.record({ bucket: text, key: text, versionId: text, etag: text, model: text });

test("the same object version and model always give the same id, others give another", () => {
  fc.assert(
    fc.property(identity, identity, (a, b) => {
      const parts = ({ bucket, key, versionId, etag, model }: typeof a) =>
        JSON.stringify([
          bucket,
          key,
          versionId && versionId !== "null" ? ["v", versionId] : ["e", etag],
          model,
        ]);
      expect(predictionId({ ...a })).toBe(predictionId(a));
      expect(predictionId(a) === predictionId(b)).toBe(parts(a) === parts(b));
    }),
    { seed: 3 },
  );
});

test("parts that join to the same text give different ids", () => {
  const at = (bucket: string, key: string) => predictionId({ bucket, key, versionId: "1", model: "m" });
  expect(at("a", "b/c")).not.toBe(at("a/b", "c"));
});

test("objects of an unversioned bucket differ by their content", () => {
  const of = (etag: string) => predictionId({ bucket: "b", key: "k", versionId: "null", etag, model: "m" });
  expect(of("1")).not.toBe(of("2"));
});
