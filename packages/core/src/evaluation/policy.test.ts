import { describe, expect, test } from "vitest";
import { metricsOf } from "./metrics.ts";
import { applyPolicy } from "./policy.ts";

const policy = { metric: "accuracy", atLeast: 0.8, noWorseThanCurrent: true };
const current = { version: "0a1b2c", metrics: { accuracy: 0.9 } };

describe("The policy", () => {
  test.each([
    [
      "accepts a version that reaches the threshold",
      policy,
      { accuracy: 0.8 },
      undefined,
      true,
      /accuracy 0\.8; .*0\.8/,
    ],
    ["refuses a version below the threshold", policy, { accuracy: 0.79 }, undefined, false, /below the 0\.8/],
    [
      "refuses a version worse than the live one",
      policy,
      { accuracy: 0.89 },
      current,
      false,
      /worse than the 0\.9 of the live version 0a1b2c/,
    ],
    [
      "accepts a version equal to the live one",
      policy,
      { accuracy: 0.9 },
      current,
      true,
      /compared with 0\.9 of the live version 0a1b2c\./,
    ],
    [
      "may allow a worse version",
      { ...policy, noWorseThanCurrent: false },
      { accuracy: 0.85 },
      current,
      true,
      /0\.85/,
    ],
    [
      "names the available metrics when its own is missing",
      { ...policy, metric: "mAP50" },
      { accuracy: 1 },
      undefined,
      false,
      /"mAP50".*accuracy/,
    ],
    [
      "accepts any evaluated version when there is no policy",
      undefined,
      { accuracy: 0.1 },
      current,
      true,
      /has no policy/,
    ],
    [
      "refuses an evaluation without samples",
      undefined,
      { samples: 0 },
      undefined,
      false,
      /No held-out item/,
    ],
    [
      "notes a live version that could not be measured",
      policy,
      { accuracy: 0.8 },
      { version: "x" },
      true,
      /0\.8\. The live version x could not be measured/,
    ],
  ])("%s", (_, deploy, metrics, live, accepted, reason) => {
    expect(applyPolicy(deploy, metrics, live)).toEqual({
      accepted,
      reason: expect.stringMatching(reason),
    });
  });
});

test.each([
  ["better on reviewed items and within the margin", 0.895, 50, 0.8, 0.7, true, /0\.8 is better than 0\.7/],
  ["not better on reviewed items", 0.95, 50, 0.7, 0.7, false, /0\.7 is not better than 0\.7/],
  ["worse than the margin on held-out items", 0.885, 50, 0.8, 0.7, false, /worse than the 0\.9/],
  ["compared by all items if few are reviewed", 0.895, 19, 0.8, 0.7, false, /worse than the 0\.9/],
])("a retrained version: %s", (_, value, samples, own, live, accepted, reason) => {
  const reviewed = { metrics: { samples, accuracy: own }, live: { samples, accuracy: live } };
  expect(applyPolicy(policy, { accuracy: value }, current, { margin: 0.01, reviewed })).toEqual({
    accepted,
    reason: expect.stringMatching(reason),
  });
});

test("macro metrics leave out classes without held-out items", () => {
  const row = (name: string, f1: number, support: number) => ({
    class: name,
    precision: f1,
    recall: f1,
    f1,
    support,
  });
  const metrics = metricsOf({
    samples: 3,
    accuracy: 0.5,
    perClass: [row("car", 1, 2), row("bus", 0.5, 1), row("truck", 0, 0)],
    calibration: { ece: 0.1, bins: [] },
  });
  expect(metrics).toEqual({
    samples: 3,
    accuracy: 0.5,
    macroPrecision: 0.75,
    macroRecall: 0.75,
    macroF1: 0.75,
    ece: 0.1,
  });
});
