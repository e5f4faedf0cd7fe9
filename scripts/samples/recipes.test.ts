import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { trainedArchive, trainedPackages } from "@sluice/samples/trained.ts";
import { expect, test } from "vitest";
import { commandsFor, RECIPES } from "./recipes.ts";

/** The packages are part of every clone. */
const MAX_BYTES = 8_000_000;
const MIN_HELD_OUT = 300;

test.each(Object.keys(RECIPES))(
  "the package of %s is the one that its commands and figures describe",
  (model) => {
    const { commands, digest, bytes, metrics } = trainedPackages[model]!;
    const archive = readFileSync(trainedArchive(model));
    expect(createHash("sha256").update(archive).digest("hex")).toBe(digest);
    expect(archive.byteLength).toBe(bytes);
    expect(commands).toEqual(commandsFor(model));
    const { metric, value } = RECIPES[model]!.goal;
    expect(metrics["samples"]).toBeGreaterThanOrEqual(MIN_HELD_OUT);
    expect(metrics[metric]).toBeGreaterThanOrEqual(value);
  },
);

test("each package has a recipe, and together they are small", () => {
  expect(Object.keys(trainedPackages).toSorted()).toEqual(Object.keys(RECIPES).toSorted());
  const bytes = Object.values(trainedPackages).reduce((sum, one) => sum + one.bytes, 0);
  expect(bytes).toBeLessThan(MAX_BYTES);
});
