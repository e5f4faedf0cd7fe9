import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endpointName, endpointPrefix, modelName, pascal, type Target } from "./names.ts";

const LEGAL = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const local = { app: "sluice", stage: "local" };
const part = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.stringMatching(/^[a-z]{1,20}(-[a-z]{1,9}){0,3}$/),
);
const target = fc.constantFrom<Target>("serverless", "realtime", "async");
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);

describe("names", () => {
  it("follow the convention for ordinary names", () => {
    expect(endpointName(local, "cats", "serverless")).toBe("sluice-local-cats-serverless");
    expect(modelName(local, "cats", "realtime", "0123456789abcdef")).toBe(
      "sluice-local-cats-realtime-01234567",
    );
    expect(pascal("night-cats")).toBe("NightCats");
  });

  it("are legal to SageMaker whatever the parts", () => {
    fc.assert(
      fc.property(part, part, part, target, digest, (app, stage, model, kind, hex) => {
        expect(endpointName({ app, stage }, model, kind)).toMatch(LEGAL);
        expect(modelName({ app, stage }, model, kind, hex)).toMatch(LEGAL);
      }),
    );
  });

  it("differ for different parts", () => {
    const parts = fc.tuple(part, part, part, target);
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(nameOf(one)).not.toBe(nameOf(other));
      }),
    );
    expect(nameOf(["s", "a", "b-c", "async"])).not.toBe(nameOf(["s", "a-b", "c", "async"]));
  });

  it("of one place share a prefix to list them by", () => {
    fc.assert(
      fc.property(part, part, part, target, (app, stage, model, kind) => {
        expect(endpointName({ app, stage }, model, kind).startsWith(endpointPrefix({ app, stage }))).toBe(
          true,
        );
      }),
    );
  });
});

const nameOf = ([app, stage, model, kind]: [string, string, string, Target]) =>
  endpointName({ app, stage }, model, kind);
