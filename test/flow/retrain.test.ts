// Automatic retraining: the declaration of `vehicles` says 200 new labels, seven days apart, 50 dollars a month.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createApp } from "@sluice/api/app.ts";
import { db } from "@sluice/core/db.ts";
import { listEvents } from "@sluice/core/event/list.ts";
import { commit } from "@sluice/core/event/record.ts";
import { checkAll, checkRetrain } from "@sluice/core/retrain/check.ts";
import type { Harm } from "@sluice/core/monitor/report.ts";
import { type Asked, listDecisions } from "@sluice/core/retrain/decisions.ts";
import { explainRetrain } from "@sluice/core/retrain/explain.ts";
import { getRun, listRuns } from "@sluice/core/training/read.ts";
import { startTraining } from "@sluice/core/training/start.ts";
import { stopTraining } from "@sluice/core/training/stop.ts";
import type { TrainingRun } from "@sluice/core/training/training.ts";
import { createToken } from "@sluice/core/token/manage.ts";
import { byName } from "@sluice/models/index.ts";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { edges } from "./edges.ts";
import { stage } from "./stage.ts";

let cloud: Awaited<ReturnType<typeof stage>>;
const { works, events } = edges();
beforeAll(async () => {
  cloud = await stage();
});
afterAll(() => cloud.dispose());
beforeEach(() => works());

const day = 86_400_000;
const model = "vehicles";
let clock = Date.parse("2026-03-02T12:00:00Z");
const by = () => ({ requestedBy: "somebody", now: clock });

let imports = 0;
async function gain(added: number) {
  clock += 1_000;
  imports += 1;
  const changedAt = new Date(clock).toISOString();
  const detail = { id: `imp_${imports}`, model, added, changed: 0, removed: 0, source: "test", changedAt };
  await commit([{ type: "labels.changed", detail }], clock, () => []);
}

/** As SageMaker would have it: the job ran, and cost so much. */
async function ended(run: TrainingRun, dollars: number, submitted = true) {
  const cost = { dollars, items: [], pricesOf: "test" };
  await db()
    .entities.trainingRun.update({ name: run.name })
    .set({
      status: submitted ? "Completed" : "Failed",
      rank: 3,
      active: "no",
      cost,
      ...(submitted && { submittedAt: run.createdAt }),
    })
    .go();
}

/** A training that has used all labels, in a later month and after its cooldown. */
async function trained() {
  for (const { name, status } of (await listRuns({ model })).items)
    if (status === "Preparing") await stopTraining(name, clock);
  clock += 40 * day;
  await ended(await startTraining(model, {}, by()), 0);
  clock += 8 * day;
}

const why = async () => {
  const { next } = await explainRetrain({ model, now: clock });
  return next.act ? "due" : next.explanation;
};

const check = async (asked: Partial<Asked> = {}) => {
  const decided = await checkRetrain(model, { trigger: "labels", ...asked }, clock);
  return decided?.run === undefined ? undefined : getRun(decided.run);
};
const schedule = (at = new Date(clock).toISOString()) =>
  check({ trigger: "schedule", cause: { id: `schedule ${at}`, at }, always: true });
const reasons = async () => (await listDecisions({ model }, clock)).items.map(({ reason }) => reason);

test("start once when enough labels are new, then wait for the cooldown", async () => {
  await gain(199);
  expect(await why()).toBe("199 of 200 new labels.");
  expect(await check()).toBeUndefined();
  await gain(1);
  // A repeated event, and the hourly look at the same time.
  const begun = await Promise.all([1, 2, 3].map(() => check()));
  await checkAll(clock);
  const { items } = await listRuns({ model });
  expect(items).toHaveLength(1);
  expect(begun.filter(Boolean)).toMatchObject([{ name: items[0]!.name, requestedBy: "retrain: new labels" }]);
  expect(await why()).toMatch(/is Preparing\.$/);

  // Labels that come while it runs are the next one's: this one may have read the labels already.
  await gain(150);
  await ended(items[0]!, 1);
  await gain(49);
  expect(await why()).toMatch(/^The cooldown of 7 days lasts until 2026-03-09/);
  clock += 7 * day;
  expect(await why()).toBe("199 of 200 new labels.");
  await gain(1);
  expect(await why()).toBe("due");
});

test("that never became a job start again only with the next new label", async () => {
  const run = await check();
  await ended(run!, 0, false);
  clock += day;
  expect(await why()).toMatch(/failed, and there are no new labels since\.$/);
  await gain(1);
  expect(await why()).toBe("due");
});

test("stay within the month's budget, also when scheduled", async () => {
  await ended((await check())!, 49.5);
  clock += 8 * day;
  await gain(300);
  const spent = "$50.50 of this month's $50 are spent.";
  expect(await why()).toBe(spent);
  // Asked often, told once a month.
  expect(await check()).toBeUndefined();
  expect(await schedule()).toBeUndefined();
  await checkAll(clock);
  const { items } = await listEvents({ type: "training.deferred" }, clock);
  expect(items).toMatchObject([{ model, subject: model, detail: { reason: spent } }]);
  clock = Date.parse("2026-04-01T00:00:00Z");
  const run = await schedule();
  expect(run).toMatchObject({ requestedBy: "retrain: schedule" });
  // The same time again, and the next one while that run is under way.
  expect(await schedule()).toEqual(run);
  clock += 1_000;
  expect(await schedule()).toBeUndefined();
});

test("of models without a declaration never start", async () => {
  for (const trigger of ["labels", "schedule"] as const)
    expect(await checkRetrain("cats", { trigger, always: true }, clock)).toBeUndefined();
  expect(await checkRetrain("cats", { trigger: "manual", always: true }, clock)).toMatchObject({
    act: false,
    reason: "not-declared",
    explanation: "The declaration has no `retrain`.",
  });
});

test("of many concurrent requests exactly one starts; a second one only with force", async () => {
  const all = await Promise.allSettled(Array.from({ length: 6 }, () => startTraining("cats", {}, by())));
  const taken = all.filter(({ status }) => status === "fulfilled");
  expect(taken).toHaveLength(1);
  for (const one of all)
    if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "TRAINING_BUSY" });
  expect(events().filter(({ detail }) => detail.model === "cats")).toHaveLength(1);
  expect(await startTraining("cats", { force: true }, by())).toMatchObject({ status: "Preparing" });
  // Once the first is over, the next needs no force.
  const [first] = taken as PromiseFulfilledResult<TrainingRun>[];
  await ended(first!.value, 0);
  expect(await startTraining("cats", {}, { ...by(), nonce: "ffff" })).toMatchObject({
    name: `sluice-test-cats-20260401000001-ffff`,
  });
});

test("every given option reaches the job, 0 and false included; the declaration has the others", async () => {
  const said = { epochs: 7, dropoutRate: 0, trainOnlyTopLayer: false, minDelta: 0, seed: 0, spot: false };
  const run = await startTraining("cats", { ...said, force: true, maxRuntime: "2 hours" }, by());
  expect(run).toMatchObject({ spot: false, maxRuntimeSeconds: 7_200, instance: "ml.m5.xlarge" });
  expect(run.hyperparameters).toMatchObject({
    epochs: "7",
    dropoutRate: "0",
    trainOnlyTopLayer: "false",
    minDelta: "0",
    seed: "0",
    learningRate: "0.0001",
    patience: "10",
    flipVertical: "true",
    task: "image-classification",
  });
  expect(JSON.parse(run.hyperparameters!["classes"]!)).toContain("NoCat");
});

test("that cannot start are failed runs with the reason, once for each new label", async () => {
  const torch = path.join(mkdtempSync(path.join(tmpdir(), "sluice-no-torch-")), "torch");
  vi.stubEnv("SLUICE_TORCH", torch);
  const { training } = byName(model)!;
  Object.assign(training, { container: "torch" });
  onTestFinished(() => {
    Object.assign(training, { container: "probe" });
    vi.unstubAllEnvs();
    rmSync(path.dirname(torch), { recursive: true });
  });
  for (const { name, status } of (await listRuns({ model })).items)
    if (status === "Preparing") await stopTraining(name, clock);
  clock += 8 * day;
  await gain(300);
  // A repeated event, also at the same time.
  await Promise.all([1, 2].map(() => check()));
  await check();
  await checkAll(clock);
  const failed = (await listRuns({ model, status: "Failed" })).items.filter(
    ({ failureReason }) => failureReason,
  );
  expect(failed).toMatchObject([{ requestedBy: "retrain: new labels", container: "torch" }]);
  expect(await reasons()).toContain("start-failed");
  expect(failed[0]!.failureReason).toMatch(/^TRAINER_UNAVAILABLE: .*npx sluice setup torch/);
  expect(await why()).toMatch(/failed, and there are no new labels since\.$/);
  // The next label, and the schedule, fail in the same way.
  await gain(1);
  expect(await check()).toMatchObject({ status: "Failed" });
  const at = new Date(clock).toISOString();
  const first = await schedule(at);
  expect(first).toMatchObject({ status: "Failed", requestedBy: "retrain: schedule" });
  // A second delivery of the same time, and two at once of the next.
  clock += 1_000;
  expect(await schedule(at)).toEqual(first);
  const next = new Date(clock).toISOString();
  await Promise.all([schedule(next), schedule(next)]);
  const scheduled = (await listRuns({ model, status: "Failed" })).items.filter(
    ({ requestedBy }) => requestedBy === "retrain: schedule",
  );
  expect(scheduled).toHaveLength(2);
  await expect(startTraining(model, {}, by())).rejects.toMatchObject({ code: "TRAINER_UNAVAILABLE" });
});

test("are decisions with a reason, also a no, and a repeated no of the hourly check is stored once", async () => {
  await trained();
  const before = (await reasons()).length;
  const added = async () => (await reasons()).slice(0, -before);
  await gain(10);
  await checkAll(clock);
  await checkAll(clock + 3_600_000);
  expect(await added()).toHaveLength(1);
  const { next, missing } = await explainRetrain({ model, now: clock });
  expect(next.act).toBe(false);
  expect(missing.at(-1)).toMatch(/of 200 new labels\.$/);
  // An import says its no each time, but the same event once.
  const cause = { id: "labels.changed imp_x", at: new Date(clock).toISOString() };
  await check({ cause, always: true });
  await check({ cause, always: true });
  expect(await added()).toHaveLength(2);
});

test("start for drift with estimated harm and half of the labels, if they are newer than the drift", async () => {
  let from = "";
  const drift = async (harm?: Harm) => {
    clock += 1_000;
    const changedAt = new Date(clock).toISOString();
    const window = { modelVersion: "v1", from, to: changedAt, count: 100, findings: [], key: "k" };
    const detail = { id: `drp_${clock}`, model, ...window, reason: "brightness", harm, changedAt };
    await commit([{ type: "drift.detected", detail }], clock, () => []);
    return checkRetrain(
      model,
      { trigger: "drift", cause: { id: detail.id, at: changedAt }, always: true },
      clock,
    );
  };
  await trained();
  await gain(50);
  clock += 1_000;
  from = new Date(clock).toISOString();
  await gain(99);
  expect(await drift()).toMatchObject({ act: false, reason: "harm-unknown" });
  const harm: Harm = { metric: "accuracy", baseline: 0.93, estimated: 0.8, low: 0.75, high: 0.85 };
  expect(await drift({ ...harm, high: 0.95 })).toMatchObject({ act: false, reason: "no-harm" });
  expect(await drift(harm)).toMatchObject({
    act: false,
    reason: "few-labels",
    explanation: "Drift: accuracy fell from 93.0 % to an estimated 80.0 %. 99 of 100 labels since then.",
  });
  // The label that was missing.
  await gain(1);
  expect(await check({ cause: { id: "imp_last", at: new Date(clock).toISOString() } })).toMatchObject({
    requestedBy: "retrain: drift",
  });
  expect((await listDecisions({ model, limit: 1 }, clock)).items).toMatchObject([
    { act: true, reason: "drift", trigger: "labels" },
  ]);
  expect(events().at(-1)).toMatchObject({ type: "retrain.decided", detail: { act: true, reason: "drift" } });
});

test("the API explains, decides, and refuses a model that declares no monitoring", async () => {
  const { token } = await createToken({ name: "retrain", scopes: ["read", "admin"] });
  const request = async (path: string, method = "GET") => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await createApp().request(path, {
      method,
      headers,
      ...(method === "POST" && { body: "{}" }),
    });
    return { status: response.status, body: await response.json() };
  };
  expect(await request(`/models/${model}/retrain`, "POST")).toMatchObject({
    status: 200,
    body: { model, act: false, explanation: expect.any(String) },
  });
  const { body } = await request(`/models/${model}/retrain`);
  // The newest first; earlier tests left others.
  expect(body.model).toBe(model);
  expect(body.items[0]).toMatchObject({ model, trigger: "manual" });
  expect(await request("/models/planes/retrain")).toMatchObject({
    status: 404,
    body: { code: "MODEL_UNKNOWN" },
  });
  const declared = byName(model)!;
  const { monitoring } = declared;
  delete declared.monitoring;
  onTestFinished(() => void Object.assign(declared, { monitoring }));
  for (const [path, method] of [
    [`/monitoring/${model}`, "GET"],
    [`/monitoring/${model}/runs`, "POST"],
    [`/monitoring/${model}/baseline`, "POST"],
  ] as const)
    expect(await request(path, method)).toMatchObject({
      status: 409,
      body: { code: "MONITORING_UNDECLARED", hint: expect.stringContaining("monitoring") },
    });
});
