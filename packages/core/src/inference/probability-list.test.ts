import { expect, test } from "vitest";
import { parseProbabilityList } from "./probability-list.ts";

const read = (response: unknown) =>
  parseProbabilityList(
    Buffer.from(typeof response === "string" ? response : JSON.stringify(response)),
    { model: "vehicles", version: "v1", classes: ["car", "truck", "bus"] },
    "e",
  );

test.each([
  ["a list", [0.1, 0.7, 0.2]],
  ["a line of JSON Lines", { prediction: [0.1, 0.7, 0.2] }],
])("%s of probabilities becomes ranked predictions with class names", (_, response) => {
  expect(read(response)).toEqual({
    task: "image-classification",
    model: "vehicles",
    version: "v1",
    predictions: [
      { class: "truck", probability: 0.7 },
      { class: "bus", probability: 0.2 },
      { class: "car", probability: 0.1 },
    ],
    timing: {},
  });
});

test("a rounding error of single precision is accepted", () => {
  expect(read([1.0000001, 0, 0])).toMatchObject({ predictions: [{ class: "car", probability: 1 }, {}, {}] });
});

test.each([
  ["not a list", { classes: [1] }, /no list of probabilities/],
  ["not JSON", "<html>", /not JSON/],
  ["numbers that are not probabilities", [7, 2, 1], /no list of probabilities/],
  ["a list of another length than the classes", [0.5, 0.5], /2 probabilities; version v1 has 3 classes/],
])("%s is an error", (_, response, problem) => {
  expect(() => read(response)).toThrow(problem);
});
