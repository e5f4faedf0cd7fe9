// Automatic retraining: the declaration of `vehicles` says 200 new labels, seven days apart, 50 dollars a month.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { db } from "@sluice/core/db.ts";
import { listEvents } from "@sluice/core/event/list.ts";
import { commit } from "@sluice/core/event/record.ts";
import {
  checkRetrain,
  retrainAllDue,
  retrainIfDue,
  retrainOnSchedule,
} from "@sluice/core/training/retrain.ts";
import { listRuns } from "@sluice/core/training/read.ts";
import { startTraining } from "@sluice/core/training/start.ts";
import { stopTraining } from "@sluice/core/training/stop.ts";
import type { TrainingRun } from "@sluice/core/training/training.ts";
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

const why = async () => {
  const verdict = await checkRetrain(model, clock);
  return verdict.start ? "due" : verdict.reason;
};

test("start once when enough labels are new, then wait for the cooldown", async () => {
  await gain(199);
  expect(await why()).toBe("199 labels are new, 200 are needed");
  expect(await retrainIfDue(model, clock)).toBeUndefined();
  await gain(1);
  // A repeated event, and the hourly look at the same time.
  const begun = await Promise.all([1, 2, 3].map(() => retrainIfDue(model, clock)));
  await retrainAllDue(clock);
  const { items } = await listRuns({ model });
  expect(items).toHaveLength(1);
  expect(begun.filter(Boolean)).toMatchObject([{ name: items[0]!.name, requestedBy: "retrain: new labels" }]);
  expect(await why()).toMatch(/is Preparing$/);

  // Labels that come while it runs are the next one's: this one may have read the labels already.
  await gain(150);
  await ended(items[0]!, 1);
  await gain(49);
  expect(await why()).toMatch(/^it cools down until 2026-03-09/);
  clock += 7 * day;
  expect(await why()).toBe("199 labels are new, 200 are needed");
  await gain(1);
  expect(await why()).toBe("due");
});

test("that never became a job start again only with the next new label", async () => {
  const run = await retrainIfDue(model, clock);
  await ended(run!, 0, false);
  clock += day;
  expect(await why()).toMatch(/failed, and there are no new labels since$/);
  await gain(1);
  expect(await why()).toBe("due");
});

test("stay within the month's budget, also when scheduled", async () => {
  const run = (await retrainIfDue(model, clock))!;
  await ended(run, 49.5);
  clock += 8 * day;
  await gain(300);
  const spent = "$50.50 of this month's $50 are spent.";
  expect(await why()).toBe(spent);
  // Asked often, told once a month.
  expect(await retrainIfDue(model, clock)).toBeUndefined();
  expect(await retrainOnSchedule(model, clock)).toBeUndefined();
  await retrainAllDue(clock);
  const { items } = await listEvents({ type: "training.deferred" }, clock);
  expect(items).toMatchObject([{ model, subject: model, detail: { reason: spent } }]);
  clock = Date.parse("2026-04-01T00:00:00Z");
  expect(await retrainOnSchedule(model, clock)).toMatchObject({ requestedBy: "retrain: schedule" });
  // Again while that one is under way.
  expect(await retrainOnSchedule(model, clock)).toBeUndefined();
});

test("of models without a declaration never start", async () => {
  expect(await checkRetrain("cats", clock)).toEqual({
    start: false,
    reason: "its declaration has no `retrain`",
  });
  expect(await retrainOnSchedule("cats", clock)).toBeUndefined();
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
    name: `sluice-test-cats-20260401000000-ffff`,
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
  await Promise.all([1, 2].map(() => retrainIfDue(model, clock)));
  await retrainIfDue(model, clock);
  await retrainAllDue(clock);
  const failed = (await listRuns({ model, status: "Failed" })).items.filter(
    ({ failureReason }) => failureReason,
  );
  expect(failed).toMatchObject([{ requestedBy: "retrain: new labels", container: "torch" }]);
  expect(failed[0]!.failureReason).toMatch(/^TRAINER_UNAVAILABLE: .*npx sluice setup torch/);
  expect(await why()).toMatch(/failed, and there are no new labels since$/);
  // The next label, and the schedule, fail in the same way.
  await gain(1);
  expect(await retrainIfDue(model, clock)).toMatchObject({ status: "Failed" });
  expect(await retrainOnSchedule(model, clock)).toMatchObject({ status: "Failed" });
  await expect(startTraining(model, {}, by())).rejects.toMatchObject({ code: "TRAINER_UNAVAILABLE" });
});
