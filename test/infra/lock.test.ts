import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { inProject, lockFile } from "../../scripts/synth/project.ts";
import { sourcesDigest } from "../../scripts/synth/sources.ts";
import { lock } from "./graph.ts";

const text = readFileSync(lockFile, "utf8");

describe("infra/cloud.lock.json", () => {
  it("is up to date with infra/, the models and the SST version", () => {
    expect(lock.sources, "stale: run `npm run synth`, review the change, and commit it").toBe(
      sourcesDigest(),
    );
  });

  it("is sorted, with unique names", () => {
    const names = lock.resources.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].toSorted());
  });

  it("refers only to its own resources", () => {
    const known = new Set([...lock.resources.map(({ name }) => name), "aws"]);
    const referred = [...text.matchAll(/\$\{([A-Za-z]\w*)\.\w+\}/g)].map(([, name]) => name!);
    expect(referred.filter((name) => !known.has(name))).toEqual([]);
  });

  it("contains no local path, no secret and no unresolved value", () => {
    expect(text).not.toContain(inProject(""));
    expect(text).not.toMatch(/@@|SST_KEY|"\/(home|root|tmp|work|Users)\//);
  });
});
