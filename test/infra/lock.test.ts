import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { inProject, lockFile } from "../../scripts/synth/project.ts";
import { resourceTypes, resourceTypesFile } from "../../scripts/synth/resource-types.ts";
import { sourcesDigest } from "../../scripts/synth/sources.ts";
import { lock } from "./graph.ts";

const text = readFileSync(lockFile, "utf8");

describe("infra/cloud.lock.json", () => {
  it("was made from infra/, the models and the SST version as they stand", () => {
    expect(lock.sources, "stale: run `npm run synth`, look at what it changes, and commit it").toBe(
      sourcesDigest(),
    );
  });

  it("is sorted, and names every resource once", () => {
    const names = lock.resources.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].toSorted());
  });

  it("refers only to resources it holds", () => {
    const known = new Set([...lock.resources.map(({ name }) => name), "aws"]);
    const referred = [...text.matchAll(/\$\{([A-Za-z]\w*)\.\w+\}/g)].map(([, name]) => name!);
    expect(referred.filter((name) => !known.has(name))).toEqual([]);
  });

  it("holds no path of a machine, no secret and no value left over from the evaluation", () => {
    expect(text).not.toContain(inProject(""));
    expect(text).not.toMatch(/@@|SST_KEY|"\/(home|root|tmp|work|Users)\//);
  });

  it("is what Resource is typed by", () => {
    expect(readFileSync(resourceTypesFile, "utf8")).toBe(resourceTypes(lock));
  });
});
