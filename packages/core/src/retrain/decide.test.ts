import { Retrain } from "@sluice/models/schema.ts";
import { expect, test } from "vitest";
import { decide, type Facts, unmetConditions } from "./decide.ts";
import type { Trigger } from "./retrain.ts";

const now = Date.parse("2026-03-10T00:00:00Z");
const declared = Retrain.parse({ minimumNewLabels: 100 });
const facts = (more: Partial<Facts> = {}): Facts => ({
  now,
  declared,
  labels: { count: 100, newest: "2026-03-09T00:00:00.000Z" },
  spent: 0,
  ...more,
});
const labels = (count: number) => ({ count, newest: "2026-03-09T00:00:00.000Z" });
const harm = { metric: "accuracy", baseline: 0.9, estimated: 0.7, high: 0.8 };
const drift = { reason: "brightness", harm };
const accuracy = { from: "2026-03-02T00:00:00.000Z", high: 0.85, bound: 0.9, count: 60 };
const lastJob = { createdAt: "2026-03-08T00:00:00.000Z" };
const failed = { name: "run", createdAt: "2026-03-09T00:00:00.000Z" };

test.each<[string, Trigger, Partial<Facts>, boolean]>([
  ["new-labels", "labels", {}, true],
  ["few-labels", "labels", { labels: labels(99) }, false],
  ["not-declared", "labels", { declared: undefined }, false],
  ["running", "labels", { running: { name: "run", status: "InProgress" } }, false],
  ["cooldown", "labels", { lastJob }, false],
  ["no-new-labels", "labels", { failed }, false],
  ["budget", "labels", { spent: 50 }, false],
  ["schedule", "schedule", { labels: labels(0), lastJob }, true],
  ["budget", "schedule", { spent: 50 }, false],
  ["running", "schedule", { running: { name: "run", status: "InProgress" } }, false],
  ["drift", "drift", { drift, labels: labels(50) }, true],
  ["few-labels", "drift", { drift, labels: labels(49) }, false],
  ["cooldown", "drift", { drift, lastJob }, false],
  ["budget", "drift", { drift, spent: 51 }, false],
  ["drift", "labels", { drift, labels: labels(50) }, true],
  ["harm-unknown", "drift", { drift: { reason: "" }, labels: labels(50) }, false],
  [
    "harm-unknown",
    "drift",
    { drift: { reason: "", harm: { ...harm, baseline: undefined } }, labels: labels(50) },
    false,
  ],
  ["no-harm", "drift", { drift: { reason: "", harm: { ...harm, high: 0.9 } }, labels: labels(50) }, false],
  ["drift-ignored", "drift", { drift, declared: { ...declared, drift: false }, labels: labels(50) }, false],
  ["new-labels", "drift", { drift: { reason: "" } }, true],
  ["few-labels", "drift", { drift, labels: labels(99), recentLabels: 49 }, false],
  ["drift", "drift", { drift, labels: labels(99), recentLabels: 50 }, true],
  ["new-labels", "drift", { drift, labels: labels(100), recentLabels: 49 }, true],
  ["accuracy", "accuracy", { accuracy, labels: labels(50) }, true],
  ["accuracy", "manual", { accuracy, drift, labels: labels(50) }, true],
])("%s: asked by %s with %j", (reason, trigger, more, act) => {
  expect(decide(facts(more), trigger)).toMatchObject({ reason, act });
});

test("explains in sentences, with everything that is missing", () => {
  const all = facts({ lastJob, labels: labels(40), spent: 60 });
  expect(unmetConditions(all, "labels").map(({ explanation }) => explanation)).toEqual([
    "The cooldown of 7 days lasts until 2026-03-15T00:00:00.000Z.",
    "40 of 100 new labels.",
    "$60.00 of this month's $50 are spent.",
  ]);
  expect(decide(facts({ accuracy, labels: labels(50) }), "accuracy").explanation).toBe(
    "The real accuracy of the week of 2026-03-02 is at most 85.0 % (60 items); the declared bound is 90.0 %. 50 labels since then.",
  );
});
