// Declarations of any shape are accepted, or rejected with file, field and fix.
import { expect, test } from "vitest";
import { jsonLike, neverBreaks, textOf } from "../../../test/support/fuzz.ts";
import { defineModel } from "./define.ts";
import { Duration, seconds } from "./duration.ts";
import { DeclarationError } from "./error.ts";

const declaration = {
  name: "cats",
  task: "image-classification",
  classes: ["Boots", "NoCat"],
  gate: { threshold: 0.9, perClass: { Boots: 0.5 } },
  training: {
    hyperparameters: { epochs: 5 },
    earlyStop: { metric: "validation:accuracy", patience: 1, minDelta: 0.1 },
  },
  dataset: { caps: { NoCat: 200 }, weights: "balanced" },
  hosting: { target: "serverless", memory: 2048, concurrency: 5 },
};
const isDeclarationError = (error: unknown) =>
  error instanceof DeclarationError && error.field !== "" && error.fix !== "";

test("declarations", async () => {
  defineModel(import.meta.url, declaration as never);
  await neverBreaks(
    jsonLike(declaration),
    (text) => defineModel(import.meta.url, parsed(text) as never),
    isDeclarationError,
    400,
  );
});

test("durations", async () => {
  await neverBreaks(
    textOf(
      "1",
      "90",
      ".5",
      "-",
      "1e9",
      " ",
      "second",
      "minutes",
      "hours",
      "days",
      "s",
      "week",
      "Infinity",
      "NaN",
    ),
    (text) => {
      const { success, data } = Duration.safeParse(text);
      if (success) expect(seconds(data)).toBeGreaterThanOrEqual(1);
    },
    () => false,
    600,
  );
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
