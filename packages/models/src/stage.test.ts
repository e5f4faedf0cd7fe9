import { expect, test } from "vitest";
import { endpointName } from "./names.ts";
import { stageProblem } from "./stage.ts";

const problem = (stage: string, models = ["cats", "eu-cats", "vehicles"]) =>
  stageProblem({ app: "sluice", stage }, models);

test.each(["prod", "production", "pr-123", "prod-us", "eu", "a1"])("%s is a legal stage", (stage) => {
  expect(problem(stage)).toBeUndefined();
});

test("a stage whose resource names could belong to another stage is refused, with both and a fix", () => {
  const refused = problem("prod-eu")!;
  expect(refused).toContain('could belong to stage "prod" with the model "eu-cats"');
  expect(refused).toContain('"prodeu"');
  // Without the model "eu-cats", no other stage has such names.
  expect(problem("prod-eu", ["cats", "vehicles"])).toBeUndefined();
  expect(problem("a-b-eu")).toContain('stage "a-b"');
  // Its names start like those of the model "cats" in the stage "prod".
  expect(problem("prod-cats")).toContain('stage "prod" with the model "cats"');
  expect(problem("prod-cats-2")).toContain('stage "prod" with the model "cats"');
  expect(problem("prod-catsup")).toBeUndefined();
});

test("the names of the two stages are equal but for their hash", () => {
  const name = (stage: string, model: string) => endpointName({ app: "sluice", stage }, model, "serverless");
  const [one, other] = [name("prod-eu", "cats"), name("prod", "eu-cats")];
  expect(one.slice(0, -8)).toBe(other.slice(0, -8));
  expect(one).not.toBe(other);
});

test.each(["Prod", "prod_eu", "-prod", "prod-", "a--b", "", "ü"])("%j is refused: not words", (stage) => {
  expect(problem(stage)).toMatch(/lower-case letters, digits and single hyphens/);
});

test("a stage whose names would be cut is refused, and the longest legal one is not", () => {
  const longest = Number(/at most (\d+)/.exec(problem("x".repeat(60))!)![1]);
  expect(problem("x".repeat(longest))).toBeUndefined();
  expect(problem("x".repeat(longest + 1))).toMatch(/too long/);
});
