// A trained package is judged on what was held back, by the serving image itself, and deployed or refused by policy.
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { db } from "@sluice/core/db.ts";
import { listDeployments, getTraffic } from "@sluice/core/deployment/read.ts";
import { failEvaluation, handleJobEvent } from "@sluice/core/evaluation/record.ts";
import { evaluationOf } from "@sluice/core/evaluation/read.ts";
import type { SpotCheck } from "@sluice/core/evaluation/spot-check.ts";
import { startEvaluation } from "@sluice/core/evaluation/start.ts";
import { getVersion } from "@sluice/core/version/read.ts";
import { registerVersion } from "@sluice/core/version/register.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { differently } from "../support/package.ts";
import { packageOf, sampleOf } from "../support/sample.ts";
import { until } from "../support/until.ts";

const model = "vehicles";
const dataset = "ds_heldout";
const mislabelled = "ds_mislabelled";
const ITEMS = 20;
let stage: Stage;
let good: Uint8Array;
beforeAll(async () => {
  stage = await startStage();
  good = await packageOf(model);
  await holdBack(dataset, (label) => label);
  await holdBack(mislabelled, () => "bus");
}, 240_000);
afterAll(() => stage.dispose());

const put = (bucket: string, key: string, body: string | Uint8Array) =>
  stage.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));

/** A dataset as preparing leaves one, of pictures that no training saw. */
async function holdBack(id: string, labelOf: (label: string) => string) {
  const lines: string[] = [];
  const keys: string[] = [];
  for (let index = 0; index < ITEMS; index++) {
    const { bytes, label } = await sampleOf(model, index);
    const file = `data/${model}/${index}.jpg`;
    await put(stage.bucket, file, bytes);
    keys.push(file);
    lines.push(JSON.stringify({ file, label: labelOf(label) }));
  }
  await put(stage.bucket, `data/${model}/broken.jpg`, "no picture");
  keys.push(`data/${model}/broken.jpg`);
  lines.push(JSON.stringify({ file: `data/${model}/broken.jpg`, label: "car" }));
  const folder = `datasets/${model}/${id}/`;
  const manifest = [{ prefix: `s3://${stage.bucket}/` }, ...keys];
  await put(stage.artifacts, `${folder}test.jsonl`, `${lines.join("\n")}\n`);
  await put(stage.artifacts, `${folder}test.manifest`, JSON.stringify(manifest));
  const about = {
    model,
    task: "image-classification",
    classes: ["car", "truck", "bus", "motorcycle", "bicycle"],
  };
  await put(stage.artifacts, `${folder}dataset.json`, JSON.stringify({ id, ...about, seed: 1 }));
  const at = new Date().toISOString();
  const counts = { train: 0, validation: 0, test: ITEMS + 1 };
  await db()
    .entities.dataset.put({
      id,
      model,
      status: "ready",
      round: 1,
      digest: "0".repeat(64),
      folder,
      items: counts,
      objects: counts,
      options: { seed: 1, split: { train: 0.7, validation: 0.15, test: 0.15 }, caps: {}, weights: "none" },
      createdAt: at,
      changedAt: at,
    })
    .go();
}

async function trained(bytes: Uint8Array, run: string) {
  const key = `training/${run}/output/model.tar.gz`;
  await put(stage.artifacts, key, bytes);
  const origin = { model, source: "training" as const, run, dataset };
  return registerVersion({ bucket: stage.artifacts, key }, origin, Date.now());
}

async function judged(begun: ModelVersion) {
  return until(async () => {
    const found = await getVersion(model, begun.version);
    if (found.evaluation === "running") throw new Error(`${found.version} is still being evaluated`);
    return found;
  });
}

test("a version above the policy's threshold is accepted with its metrics and deployed by the policy", async () => {
  const version = await trained(good, "run-1");
  expect(version).toMatchObject({
    status: "evaluating",
    evaluation: "none",
    sample: { label: expect.any(String) },
  });
  const found = await judged(await startEvaluation(version, {}, Date.now()));
  expect(found).toMatchObject({ status: "accepted", evaluation: "done", dataset, run: "run-1" });
  expect(found.metrics?.["accuracy"]).toBeGreaterThanOrEqual(0.8);
  expect(found.reason).toMatch(/^accuracy .* requires 0\.8/);
  const document = await evaluationOf(found);
  expect(document).toMatchObject({ samples: ITEMS, unreadable: [{ file: `data/${model}/broken.jpg` }] });
  expect(document.perClass).toHaveLength(5);

  const deployed = await until(async () => {
    const [last] = (await listDeployments({ model })).items;
    if (last?.status !== "live") throw new Error(`${last?.status} at ${last?.step}: ${last?.reason}`);
    return last;
  });
  expect(deployed).toMatchObject({ version: found.version, requestedBy: "policy" });
  expect(await getTraffic(model)).toMatchObject({ version: found.version });
}, 150_000);

test("a version below the threshold is refused with the reason, and the live version stays", async () => {
  const before = await getTraffic(model);
  // The same network under other names for what it sees.
  const swapped = await differently(good, {
    manifest: (given) => ({ ...given, classes: (given["classes"] as string[]).toReversed() }),
  });
  const found = await judged(await startEvaluation(await trained(swapped, "run-2"), {}, Date.now()));
  expect(found).toMatchObject({ status: "refused", reason: expect.stringMatching(/below the 0\.8/) });
  expect(await getTraffic(model)).toMatchObject({ version: before.version });
  const asked = await stage.api("/deployments", { method: "POST", body: { model, version: found.version } });
  expect(asked.status).toBe(409);
  expect(await asked.json()).toMatchObject({ code: "VERSION_REFUSED" });
}, 120_000);

test("a new version is compared with the live version on the same items", async () => {
  const live = (await getTraffic(model)).version;
  const same = await differently(good, { manifest: (given) => ({ ...given, training: { word: "same" } }) });
  const found = await judged(await startEvaluation(await trained(same, "run-3"), {}, Date.now()));
  expect(found).toMatchObject({
    status: "accepted",
    reason: expect.stringContaining(
      `compared with ${found.metrics?.["accuracy"]} of the live version ${live}`,
    ),
  });
}, 120_000);

test("an accepted version stays accepted after a worse evaluation, with the later metrics", async () => {
  const [accepted] = (await listDeployments({ model })).items;
  const before = await getVersion(model, accepted!.version);
  const begun = await startEvaluation(before, { dataset: mislabelled }, Date.now());
  await expect(startEvaluation(begun, {}, Date.now())).rejects.toMatchObject({
    code: "VERSION_NOT_READY",
    message: expect.stringContaining("is already being evaluated"),
  });
  const found = await judged(begun);
  expect(found).toMatchObject({
    status: "accepted",
    dataset,
    evaluationDataset: mislabelled,
    reason: expect.stringMatching(/below the 0\.8 .* It stays accepted, as decided before\.$/),
  });
  expect(found.metrics?.["accuracy"]).toBeLessThan(0.5);
  expect(found.evaluationKey).not.toBe(before.evaluationKey);
}, 120_000);

test("a spot check of some items changes neither the metrics nor the status of its version", async () => {
  const { version: live } = await getTraffic(model);
  const before = await getVersion(model, live!);
  const path = `/versions/${model}/${live}/spot-checks`;
  const started = await stage.api(path, { method: "POST", body: { samples: 4, dataset } });
  expect(started.status).toBe(202);
  const { job } = (await started.json()) as { job: string };
  const done = await until(async () => {
    const found = (await (await stage.api(`${path}/${job}`)).json()) as SpotCheck;
    if (found.status !== "done") throw new Error(`The spot check is ${found.status}: ${found.reason}`);
    return found;
  });
  expect(done.evaluation!.samples).toBeLessThanOrEqual(4);
  await handleJobEvent({ source: "aws.sagemaker", detail: { ProcessingJobName: job } }, Date.now());
  expect(await getVersion(model, live!)).toEqual(before);
  const other = await stage.api(`${path}/${before.evaluationJob}`);
  expect(other.status).toBe(404);
}, 120_000);

test("a version without held-out data fails, until an evaluation with another dataset", async () => {
  const package_ = await differently(good, {
    manifest: (given) => ({ ...given, training: { word: "else" } }),
  });
  const { version } = await trained(package_, "run-4");
  const registered = await getVersion(model, version);
  await failEvaluation(registered, "The dataset holds nothing back.", Date.now());
  expect(await getVersion(model, version)).toMatchObject({
    status: "failed",
    evaluation: "failed",
    reason: "The dataset holds nothing back.",
  });
  const begun = await startEvaluation(await getVersion(model, version), { dataset }, Date.now());
  await failEvaluation(registered, "It came late.", Date.now());
  expect(await judged(begun)).toMatchObject({
    evaluation: "done",
    reason: expect.stringMatching(/^accuracy/),
  });
}, 120_000);
