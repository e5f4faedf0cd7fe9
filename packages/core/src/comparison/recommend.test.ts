import { describe, expect, test } from "vitest";
import type { Proportion } from "@sluice/statistics/interval/difference.ts";
import { compareMeasures } from "./measure.ts";
import { findClearLoss, recommend } from "./recommend.ts";

interface Side {
  correct?: number;
  judged?: number;
  predictions?: number;
  failures?: number;
}

function compared(left: Side, right: Side) {
  const sideOf = (version: string, { judged = 0, predictions = 1_000, failures = 0 }: Side) => ({
    version,
    judged,
    predictions,
    failures,
  });
  const accuracy = ({ correct = 0, judged = 0 }: Side): { accuracy?: Proportion } =>
    judged === 0 ? {} : { accuracy: { successes: correct, count: judged } };
  return {
    current: sideOf("aaa", left),
    candidate: sideOf("bbb", right),
    rows: compareMeasures(accuracy(left), accuracy(right)),
  };
}
const options = { maxErrorRate: 0.05 };

describe("The recommendation", () => {
  test.each<[string, Side, Side, string, RegExp]>([
    [
      "few predictions",
      {},
      { predictions: 12 },
      "wait",
      /^1000 predictions of aaa and 12 of bbb, at least 30/,
    ],
    [
      "few judged predictions",
      { correct: 9, judged: 12 },
      { correct: 9, judged: 12 },
      "wait",
      /^12 judged predictions of each version, at least 30 are needed\.$/,
    ],
    ["no judged predictions", {}, {}, "wait", /^0 judged predictions of each version/],
    [
      "a possible loss",
      { correct: 90, judged: 100 },
      { correct: 90, judged: 100 },
      "wait",
      /may be lower by up to 8\.\d points; 5\.0 points are accepted/,
    ],
    [
      "many equal results",
      { correct: 900, judged: 1_000 },
      { correct: 900, judged: 1_000 },
      "shift",
      /of bbb is lower by at most 2\.\d points/,
    ],
    [
      "a gain",
      { correct: 50, judged: 100 },
      { correct: 90, judged: 100 },
      "shift",
      /of bbb is higher by at least 2\d\.\d points/,
    ],
    [
      "a loss with overlapping intervals",
      { correct: 88, judged: 100 },
      { correct: 76, judged: 100 },
      "keep",
      /of bbb is lower by 12\.0 points, at least by 1\.\d points/,
    ],
    [
      "a clear loss, even of few",
      { correct: 20, judged: 20 },
      { correct: 2, judged: 12, predictions: 12 },
      "keep",
      /of bbb is 16\.7 % \(.*, 12 judged\), clearly below 100\.0 %/,
    ],
    [
      "failures",
      { correct: 90, judged: 100 },
      { correct: 99, judged: 100, predictions: 96, failures: 24 },
      "keep",
      /^24 of the candidate's 120 responses failed; 5 % are allowed/,
    ],
  ])("after %s", (_, left, right, decision, explanation) => {
    expect(recommend(compared(left, right), options)).toEqual({
      decision,
      explanation: expect.stringMatching(explanation),
    });
  });

  test("with one version is to wait", () => {
    const { current } = compared({}, {});
    expect(recommend({ current, rows: [] }, options)).toMatchObject({ decision: "wait" });
  });

  test("to go back to the version before needs a gain", () => {
    const equal = compared({ correct: 900, judged: 1_000 }, { correct: 900, judged: 1_000 });
    expect(recommend(equal, { ...options, servedBefore: true })).toMatchObject({ decision: "keep" });
    const better = compared({ correct: 50, judged: 100 }, { correct: 90, judged: 100 });
    expect(recommend(better, { ...options, servedBefore: true })).toMatchObject({ decision: "shift" });
  });
});

test.each<[string, Side, Side]>([
  ["overlapping intervals", { correct: 88, judged: 100 }, { correct: 76, judged: 100 }],
  ["fewer than 10 judged predictions", { correct: 20, judged: 20 }, { correct: 0, judged: 9 }],
  ["two failures", {}, { predictions: 0, failures: 2 }],
])("%s are no clear loss", (_, left, right) => {
  expect(findClearLoss(compared(left, right), 0.05)).toBeUndefined();
});
