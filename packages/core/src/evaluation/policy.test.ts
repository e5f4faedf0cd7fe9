import { describe, expect, test } from "vitest";
import { metricsOf } from "./metrics.ts";
import { verdictOn } from "./policy.ts";

const policy = { metric: "accuracy", atLeast: 0.8, noWorseThanCurrent: true };
const current = { version: "0a1b2c", metrics: { accuracy: 0.9 } };

describe("The policy", () => {
  test.each([
    ["accepts what reaches its bar", policy, { accuracy: 0.8 }, undefined, true, /accuracy 0\.8; .*0\.8/],
    ["refuses what does not", policy, { accuracy: 0.79 }, undefined, false, /below the 0\.8/],
    [
      "refuses what is worse than what serves",
      policy,
      { accuracy: 0.89 },
      current,
      false,
      /worse than the 0\.9 of version 0a1b2c/,
    ],
    [
      "accepts the equal of what serves",
      policy,
      { accuracy: 0.9 },
      current,
      true,
      /0a1b2c, which serves, has 0\.9\./,
    ],
    [
      "may allow a worse one",
      { ...policy, noWorseThanCurrent: false },
      { accuracy: 0.85 },
      current,
      true,
      /0\.85/,
    ],
    [
      "says which figures there are when its own is missing",
      { ...policy, metric: "mAP50" },
      { accuracy: 1 },
      undefined,
      false,
      /"mAP50".*accuracy/,
    ],
    [
      "accepts anything measured when nothing is demanded",
      undefined,
      { accuracy: 0.1 },
      current,
      true,
      /demands nothing/,
    ],
    ["refuses what was judged by nothing", undefined, { samples: 0 }, undefined, false, /Not one/],
    [
      "does not compare with what was never measured",
      policy,
      { accuracy: 0.8 },
      { version: "x" },
      true,
      /0\.8\. Version x, which serves, could not be measured/,
    ],
  ])("%s", (_, demanded, metrics, serving, accepted, reason) => {
    expect(verdictOn(demanded, metrics, serving)).toEqual({
      accepted,
      reason: expect.stringMatching(reason),
    });
  });
});

test("An evaluation's figures leave classes out of their mean that nothing was held back of", () => {
  const row = (name: string, f1: number, support: number) => ({
    class: name,
    precision: f1,
    recall: f1,
    f1,
    support,
  });
  const metrics = metricsOf({
    task: "image-classification",
    samples: 3,
    unreadable: [],
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
