// What no training led to is traced as far as it goes; a prediction leads to the version that made it, not to what is live.
import { db } from "@sluice/core/db.ts";
import type { Hosting } from "@sluice/core/deployment/deployment.ts";
import { orderedId } from "@sluice/core/util/ordered-id.ts";
import { waiting } from "@sluice/core/event/record.ts";
import { trace } from "@sluice/core/trace/walk.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stage } from "./stage.ts";

const model = "vehicles";
const endpoint = "sluice-test-vehicles-serverless";
const hosting: Hosting = {
  target: "serverless",
  memory: 2048,
  concurrency: 5,
  instance: "ml.m5.large",
  autoscaling: { min: 1, max: 1 },
};
const [old, fresh] = ["aaaaaaaaaaaa", "bbbbbbbbbbbb"];
const hour = (count: number) => `2026-03-02T${String(count).padStart(2, "0")}:00:00.000Z`;
const now = Date.parse(hour(20));

let cloud: Awaited<ReturnType<typeof stage>>;
beforeAll(async () => {
  cloud = await stage();
  await brought(old, 1);
  await brought(fresh, 5);
  await deployed(old, 2);
  await deployed(fresh, 6);
  await db()
    .entities.endpoint.create({
      name: endpoint,
      model,
      status: "InService",
      rank: 3,
      target: "serverless",
      sourceModifiedAt: 0,
      createdAt: hour(2),
      changedAt: hour(6),
    })
    .go();
});
afterAll(() => cloud.dispose());

const brought = (version: string, at: number) =>
  db()
    .entities.modelVersion.create({
      model,
      version,
      digest: version,
      packageUri: "s3://artifacts/p",
      bytes: 1,
      manifest: { task: "image-classification", classes: ["a", "b"], head: "softmax" },
      source: "uploaded",
      evaluation: "none",
      status: "accepted",
      createdAt: hour(at),
      changedAt: hour(at),
    })
    .go();

const deployed = (version: string, at: number) =>
  db()
    .entities.deployment.create({
      id: `dep_${version}`,
      model,
      version,
      hosting,
      endpoint,
      candidate: `${endpoint}-next`,
      config: version,
      status: "live",
      step: "done",
      revision: 1,
      requestedBy: "owner",
      times: [],
      startedAt: hour(at),
      changedAt: hour(at + 1),
      finishedAt: hour(at + 1),
    })
    .go();

const predicted = (id: string, modelVersion: string, at: number) =>
  db()
    .entities.prediction.create({
      id,
      model,
      task: "image-classification",
      status: "completed",
      source: { bucket: "uploads", key: `uploads/vehicles/${id}.jpg` },
      bucket: hour(at).slice(0, 10),
      day: hour(at).slice(0, 10),
      attempts: 1,
      endpoint,
      modelVersion,
      createdAt: hour(at),
      finishedAt: hour(at),
      changedAt: hour(at),
      changedDay: hour(at).slice(0, 10),
    })
    .go();

const linksOf = async (asked: string) => {
  const { links, gaps } = await trace(asked, now);
  return { links: links.map(({ kind, id }) => [kind, id]), gaps };
};

test.each([fresh, `dep_${fresh}`, endpoint])(
  "an imported version is complete without a run: from %s",
  async (id) => {
    expect(await linksOf(id)).toEqual({
      links: [
        ["version", fresh],
        ["deployment", `dep_${fresh}`],
        ["endpoint", endpoint],
      ],
      gaps: [],
    });
  },
);

test("a prediction leads to the version that made it, not to the version that is live now", async () => {
  // The worker still knew the old one, an hour after the new one was live.
  await predicted("late", old, 8);
  const { links, gaps } = await linksOf("late");
  expect(gaps).toEqual([]);
  expect(links).toEqual([
    ["version", old],
    ["deployment", `dep_${old}`],
    ["endpoint", endpoint],
    ["prediction", "late"],
  ]);
});

test("a prediction whose container reports another name leads to the version that was live", async () => {
  await predicted("foreign", "resnet-7", 4);
  expect((await linksOf("foreign")).links).toContainEqual(["version", old]);
});

test("a prediction before the first deployment has a gap with that reason", async () => {
  await predicted("early", "resnet-7", 1);
  expect(await linksOf("early")).toEqual({
    links: [["prediction", "early"]],
    gaps: ["No deployment of vehicles is known to have served it."],
  });
});

test("a drift report, the decision about it, its run and its alert lead to each other and to the version", async () => {
  const [run, report] = ["sluice-test-vehicles-1", "drp_0123456789"];
  const at = hour(12);
  const decision = orderedId("ret", Date.parse(at));
  await db()
    .entities.driftReport.create({
      id: report,
      model,
      modelVersion: fresh!,
      endpoint,
      trigger: "schedule",
      from: hour(10),
      to: hour(11),
      count: 100,
      malformed: 0,
      duplicates: 0,
      otherVersions: {},
      status: "drift",
      reason: "darker images",
      findings: [],
      key: "monitoring/vehicles/1/",
      createdAt: hour(11),
      expires: 2_000_000_000,
    })
    .go();
  await db()
    .entities.trainingRun.create({
      name: run,
      model,
      status: "Failed",
      active: "no",
      rank: 3,
      sourceModifiedAt: 0,
      createdAt: at,
      changedAt: at,
    })
    .go();
  await stored("retrain.decided", at, {
    id: decision,
    trigger: "drift",
    act: true,
    reason: "drift",
    explanation: "Drift: accuracy fell.",
    run,
    changedAt: at,
  });
  const alerts = [
    { id: "alt_vehicles_drift_000001", kind: "drift", of: report },
    { id: "alt_vehicles_training-failed_000001", kind: "training.failed", of: run },
  ];
  for (const alert of alerts)
    await stored("alert.raised", at, {
      ...alert,
      title: "!",
      text: "!",
      link: "https://page.test",
      changedAt: at,
    });
  const records = [fresh!, report, decision, run, ...alerts.map(({ id }) => id)];
  for (const id of records) {
    const { links } = await linksOf(id);
    const reached = links.map(([, other]) => other!);
    expect({ id, missing: records.filter((one) => !reached.includes(one)) }).toEqual({ id, missing: [] });
  }
});

const stored = (type: string, at: string, detail: Record<string, unknown>) =>
  db()
    .entities.event.create({
      id: orderedId("evt", Date.parse(at)),
      type,
      subject: model,
      model,
      at,
      month: at.slice(0, 7),
      waiting,
      detail: { model, ...detail },
      expires: 2_000_000_000,
    })
    .go();
