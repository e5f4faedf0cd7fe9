import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");
const linesOf = (file: string) => readFileSync(path.join(root, file), "utf8").split("\n");

const DOCKERFILES = ["serve/Dockerfile", "probe/Dockerfile", "torch/Dockerfile", "torch/Dockerfile.cuda"];

test.each(DOCKERFILES)("%s: each COPY source exists and is in the build context", (name) => {
  const dockerfile = `containers/${name}`;
  const sources = linesOf(dockerfile)
    .filter((line) => /^COPY (?!--from)/.test(line))
    .flatMap((line) => line.split(/\s+/).slice(1, -1));
  const allowed = linesOf(`${dockerfile}.dockerignore`)
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1));
  expect(sources.length).toBeGreaterThan(1);
  expect(sources.filter((source) => !existsSync(path.join(root, source)))).toEqual([]);
  expect(allowed.toSorted()).toEqual(sources.toSorted());
});
