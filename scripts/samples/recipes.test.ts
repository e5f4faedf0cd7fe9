import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { trainedArchive, trainedPackages } from "@sluice/samples/trained.ts";
import { expect, test } from "vitest";
import { commandsFor, RECIPES } from "./recipes.ts";

/** The packages are part of every clone. */
const MAX_BYTES = 8_000_000;

test.each(Object.keys(RECIPES))(
  "the package of %s is the one that its commands and figures describe",
  (model) => {
    const { commands, digest, bytes, metrics } = trainedPackages[model]!;
    const archive = readFileSync(trainedArchive(model));
    expect(createHash("sha256").update(archive).digest("hex")).toBe(digest);
    expect(archive.byteLength).toBe(bytes);
    expect(commands).toEqual(commandsFor(model));
    expect(metrics).toMatchObject({ samples: expect.any(Number), accuracy: expect.any(Number) });
    expect(metrics["accuracy"]).toBeGreaterThan(0.9);
  },
);

test("each package has a recipe, and together they are small", () => {
  expect(Object.keys(trainedPackages).toSorted()).toEqual(Object.keys(RECIPES).toSorted());
  const bytes = Object.values(trainedPackages).reduce((sum, one) => sum + one.bytes, 0);
  expect(bytes).toBeLessThan(MAX_BYTES);
});
