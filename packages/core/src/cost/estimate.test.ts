import { describe, expect, it } from "vitest";
import {
  breakEven,
  estimateMonitoring,
  estimateRealtime,
  estimateServerless,
  estimateTraining,
} from "./estimate.ts";
import { estimateLivePage } from "./live.ts";
import { DEFAULT_PRICES } from "./prices.ts";

const MILLION = 1_000_000;

describe("an estimate", () => {
  it("of a serverless endpoint is calls x memory x time, plus data", () => {
    expect(
      estimateServerless({ count: MILLION, memory: 2_048, seconds: 0.1 }, DEFAULT_PRICES).dollars,
    ).toBeCloseTo(4, 6);
    const larger = { count: MILLION, memory: 4_096, seconds: 0.27 };
    expect(estimateServerless(larger, DEFAULT_PRICES).dollars).toBeCloseTo(21.6, 6);
    expect(estimateServerless({ ...larger, bytes: 500 * 1_024 }, DEFAULT_PRICES).dollars).toBeCloseTo(
      29.23,
      2,
    );
  });

  it.each([
    ["ml.m5.large", 83.95],
    ["ml.m5.xlarge", 167.9],
    ["ml.g4dn.xlarge", 537.57],
  ])("of an instance is its hours: %s for a month costs %d dollars", (instance, dollars) => {
    expect(estimateRealtime({ instance, instances: 1 }, DEFAULT_PRICES).dollars).toBeCloseTo(dollars, 2);
  });

  it("finds the number of calls above which an instance is cheaper", () => {
    const instance = { instance: "ml.m5.large", instances: 1 };
    const calls = breakEven({ memory: 2_048, seconds: 0.1, ...instance }, DEFAULT_PRICES);
    expect(calls / MILLION).toBeCloseTo(20.99, 2);
  });

  it("of a training is its billed time, with the spot discount", () => {
    const hour = { instance: "ml.m5.xlarge", seconds: 3_600 };
    expect(estimateTraining({ ...hour, spot: false }, DEFAULT_PRICES).dollars).toBeCloseTo(0.23, 6);
    expect(estimateTraining({ ...hour, spot: true }, DEFAULT_PRICES).dollars).toBeCloseTo(0.069, 6);
  });

  it("of a page that is always open at 1,000 predictions a day is below 0.20 dollars a month", () => {
    const { dollars, items } = estimateLivePage(30_000, DEFAULT_PRICES);
    expect(dollars).toBeCloseTo(0.1465, 4);
    expect(dollars).toBeLessThan(0.2);
    expect(items[0]).toEqual({
      what: "minutes of its connection",
      formula: "43800 x 1 x $0.00000025",
      dollars: 43_800 * 0.25e-6,
    });
  });

  it.each([
    [1_000, 0.4],
    [100_000, 18],
  ])(
    "of monitoring %d predictions a day is below %d dollars a month, its captures included",
    (perDay, dollars) => {
      const monthly = { count: perDay * 30, share: 1, reports: 30 };
      const all = estimateMonitoring(monthly, DEFAULT_PRICES);
      expect(all.dollars).toBeLessThan(dollars);
      expect(all.dollars).toBeGreaterThan(dollars / 2);
      const tenth = estimateMonitoring({ ...monthly, share: 0.1 }, DEFAULT_PRICES);
      expect(tenth.dollars).toBeLessThan(all.dollars);
    },
  );

  it("has a formula that gives the same dollars", () => {
    const { items } = estimateServerless(
      { count: MILLION, memory: 2_048, seconds: 0.1, bytes: 2 ** 20 },
      DEFAULT_PRICES,
    );
    expect(items.map(({ formula }) => formula)).toEqual([
      "1000000 calls x 2 GB x 0.1 s x $0.00002",
      "976.563 GB x $0.016",
    ]);
  });
});
