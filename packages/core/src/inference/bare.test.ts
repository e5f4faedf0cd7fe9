import { expect, test } from "vitest";
import { parseBare } from "./bare.ts";

const read = (answer: unknown) =>
  parseBare(
    Buffer.from(typeof answer === "string" ? answer : JSON.stringify(answer)),
    { model: "vehicles", version: "v1", classes: ["car", "truck", "bus"] },
    "e",
  );

test.each([
  ["a list", [0.1, 0.7, 0.2]],
  ["a line of JSON Lines", { prediction: [0.1, 0.7, 0.2] }],
])("%s of probabilities is a prediction, named and ranked", (_, answer) => {
  expect(read(answer)).toEqual({
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

test("what single precision adds to a whole is no error", () => {
  expect(read([1.0000001, 0, 0])).toMatchObject({ predictions: [{ class: "car", probability: 1 }, {}, {}] });
});

test.each([
  ["no list", { classes: [1] }, /no list of probabilities/],
  ["no JSON", "<html>", /not JSON/],
  ["numbers that are none", [7, 2, 1], /no list of probabilities/],
  ["another count than the version has classes", [0.5, 0.5], /2 probabilities; version v1 knows 3 classes/],
])("%s is refused", (_, answer, problem) => {
  expect(() => read(answer)).toThrow(problem);
});
