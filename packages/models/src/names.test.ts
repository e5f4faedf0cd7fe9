import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  candidateName,
  endpointName,
  endpointPrefix,
  jobName,
  modelName,
  pascal,
  resourceName,
  type Target,
} from "./names.ts";

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
  it("of other resources have app and stage, and stay unique inside the limit when the stage is long", () => {
    expect(resourceName(local, "HostingRole", 64)).toBe("sluice-local-HostingRole");
    const long = { app: "sluice", stage: "s".repeat(80) };
    const names = ["HostingRole", "TrainingRole"].map((logical) => resourceName(long, logical, 64));
    for (const name of names) expect(name).toMatch(/^sluice-s+-[0-9a-f]{8}$/);
    expect(names.map(({ length }) => length)).toEqual([64, 64]);
    expect(new Set(names).size).toBe(2);
  });

  it("follow the convention for ordinary names", () => {
    expect(endpointName(local, "cats", "serverless")).toBe("sluice-local-cats-serverless");
    expect(candidateName(local, "cats", "serverless")).toBe("sluice-local-cats-serverless-next");
    expect(modelName(local, "cats", "realtime", { digest: "0123456789abcdef", shape: "fedcba98" })).toBe(
      "sluice-local-cats-realtime-01234567-fedcba",
    );
    expect(jobName(local, "cats", "evaluate", "20261121")).toBe("sluice-local-cats-evaluate-20261121");
    expect(pascal("night-cats")).toBe("NightCats");
  });

  it("are valid in SageMaker for any parts: Unicode, empty, long", () => {
    fc.assert(
      fc.property(part, part, part, target, digest, digest, (app, stage, model, kind, hex, shape) => {
        for (const name of allNames([app, stage, model, kind], { digest: hex, shape }))
          expect(name).toMatch(LEGAL);
      }),
    );
  });

  it("differ for different parts and kinds of resources", () => {
    const parts = fc.tuple(part, part, part, target);
    fc.assert(
      fc.property(parts, parts, digest, digest, (one, other, hex, shape) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        const names = [one, other].flatMap((appStage) => allNames(appStage, { digest: hex, shape }));
        expect(new Set(names).size).toBe(names.length);
      }),
    );
    expect(nameOf(["s", "a", "b-c", "async"])).not.toBe(nameOf(["s", "a-b", "c", "async"]));
  });

  it("differ for other content or other hosting", () => {
    const name = (hex: string, shape: string) =>
      modelName(local, "cats", "serverless", { digest: hex, shape });
    expect(name("a".repeat(64), "00")).not.toBe(name("b".repeat(64), "00"));
    expect(name("a".repeat(64), "00ff")).not.toBe(name("a".repeat(64), "00fe"));
  });

  it("of one app and stage share a prefix", () => {
    fc.assert(
      fc.property(part, part, part, target, (app, stage, model, kind) => {
        expect(endpointName({ app, stage }, model, kind).startsWith(endpointPrefix({ app, stage }))).toBe(
          true,
        );
      }),
    );
  });
});

const allNames = (
  [app, stage, model, kind]: [string, string, string, Target],
  content: { digest: string; shape: string },
) => [
  endpointName({ app, stage }, model, kind),
  candidateName({ app, stage }, model, kind),
  modelName({ app, stage }, model, kind, content),
  jobName({ app, stage }, model, "evaluate", "1"),
];
const nameOf = ([app, stage, model, kind]: [string, string, string, Target]) =>
  endpointName({ app, stage }, model, kind);
