// From a package to what answers, on the embedded cloud: a version is tried beside what serves, and what serves never
// stops for it.
import { DeleteEndpointCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { listDeployments, getTraffic } from "@sluice/core/deployment/read.ts";
import { provision, type Request } from "@sluice/core/deployment/request.ts";
import { shareOf } from "@sluice/core/traffic/route.ts";
import { abortDeployment } from "@sluice/core/deployment/abort.ts";
import { listVersions } from "@sluice/core/version/read.ts";
import type * as z from "zod";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { differently, repacked } from "../support/package.ts";
import { packageOf, sampleOf } from "../support/sample.ts";
import { until } from "../support/until.ts";
import { expectErrorLog } from "../support/error-log.ts";

const model = "vehicles";
const endpoint = "sluice-local-vehicles-serverless";
const candidate = `${endpoint}-next`;
let stage: Stage;
let good: Uint8Array;
let picture: Buffer;
beforeAll(async () => {
  stage = await startStage();
  good = await packageOf(model);
  picture = (await sampleOf(model, 3)).bytes;
}, 240_000);
afterAll(() => stage.dispose());
afterEach(() => stage.faults());

/** Equal but for a word of its own: another version that answers the same. */
const another = (word: string) =>
  differently(good, { manifest: (given) => ({ ...given, training: { word } }) });
const ask = (more: Partial<z.input<typeof Request>> = {}) =>
  provision({ model, ...more }, "test", Date.now());
const deploy = async (more: Partial<z.input<typeof Request>> = {}) => {
  const { deployment } = await ask(more);
  return stage.deployed(deployment!.id);
};
const predict = () => stage.api(`/predict/${model}`, { method: "POST", body: picture });
const answering = async () => ((await (await predict()).json()) as { modelVersion: string }).modelVersion;

/** What SageMaker is told to change while something happens. */
async function changesDuring<T>(work: () => Promise<T>) {
  const { kernel } = stage.cloud;
  const { perform } = kernel;
  const told: string[] = [];
  kernel.perform = (service, operation, input, call) => {
    if (service === "sagemaker" && /^(Create|Update|Delete)/.test(operation)) told.push(operation);
    return perform(service, operation, input, call);
  };
  const result = await work();
  kernel.perform = perform;
  return { result, told };
}

/** Asks without a pause while something happens; answers what was answered. */
async function underLoad<T>(work: () => Promise<T>) {
  let going = true;
  const statuses: number[] = [];
  const lane = async () => {
    while (going) statuses.push((await predict()).status);
  };
  const callers = [lane(), lane()];
  const result = await work().finally(() => (going = false));
  await Promise.all(callers);
  return { result, statuses };
}

const endpointNames = () => stage.sagemakerNames("endpoint");

describe("A version", () => {
  test("is the digest of its content: the same files in another archive are the same version", async () => {
    const first = await stage.importPackage(model, good);
    expect(await stage.importPackage(model, await repacked(good))).toEqual(first);
    expect(first).toMatchObject({ source: "uploaded", status: "accepted", evaluation: "none" });
    expect(first.packageUri).toContain(`/packages/${model}/${first.digest}/model.tar.gz`);
    expect(first.version).toBe(first.digest.slice(0, 12));
  });

  test.each([
    ["that is not an archive", async () => Buffer.from("not a package"), "PACKAGE_INVALID"],
    ["that is truncated", async () => good.subarray(0, good.length / 2), "PACKAGE_INVALID"],
    [
      "for another task",
      () =>
        differently(good, {
          manifest: (given) => ({ ...given, task: "object-detection", output: { head: "yolov8" } }),
        }),
      "PACKAGE_MISMATCH",
    ],
    [
      "with a class that is not declared",
      () =>
        differently(good, {
          manifest: (given) => ({ ...given, classes: ["car", "truck", "bus", "motorcycle", "submarine"] }),
        }),
      "PACKAGE_MISMATCH",
    ],
  ])("%s is rejected with a fix", async (_, make, code) => {
    await expect(stage.importPackage(model, await make())).rejects.toMatchObject({
      code,
      hint: expect.stringMatching(/\w{4}/),
    });
  });
});

describe("Provisioning", () => {
  test("predicts the uploads that waited for the first endpoint, after its smoke test", async () => {
    const early = await stage.upload("uploads/vehicles/early.jpg", picture);
    await stage.prediction(early.idFor(model), ({ status }) => status === "pending");
    const done = await deploy();
    expect(done).toMatchObject({ status: "live", step: "done", endpoint });
    expect(done.times.map(({ step }: { step: string }) => step)).toEqual([
      "preparing",
      "live",
      "verifying",
      "cleanup",
      "done",
    ]);
    expect(await getTraffic(model)).toMatchObject({ version: done.version, endpoint, target: "serverless" });
    expect(await stage.prediction(early.idFor(model))).toMatchObject({ modelVersion: done.version });
  }, 90_000);

  test("of the live version changes nothing and returns `unchanged`", async () => {
    const { result, told } = await changesDuring(() => ask());
    expect(result).toMatchObject({ action: "unchanged", endpoint });
    expect(told).toEqual([]);
  });

  test("of another version updates the endpoint without a failed request, and deletes what is unused", async () => {
    const { version } = await stage.importPackage(model, await another("second"));
    const { result, statuses } = await underLoad(() => deploy({ version }));
    expect(result).toMatchObject({ status: "live", version });
    expect(result.times.map(({ step }: { step: string }) => step)).toContain("smoke");
    expect(statuses.length).toBeGreaterThan(3);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await answering()).toBe(version);
    expect(await endpointNames()).toEqual([endpoint]);
    expect(await stage.sagemakerNames("model")).toEqual([result.config]);
    expect(await stage.sagemakerNames("endpoint-config")).toEqual([result.config]);
  }, 120_000);

  test("of a package that fails its smoke test leaves the live version serving every request", async () => {
    expectErrorLog(/Deployment failed/);
    const live = await answering();
    await stage.faults({
      point: "sagemaker:InvokeEndpoint",
      match: { EndpointName: candidate },
      kind: "error",
      code: "ModelError",
      status: 424,
      fields: { OriginalStatusCode: 500, OriginalMessage: "a tensor of rank 5" },
    });
    const { version } = await stage.importPackage(model, await another("smoky"));
    const { result, statuses } = await underLoad(() => deploy({ version }));
    expect(result).toMatchObject({
      status: "failed",
      step: "smoke",
      reason: expect.stringContaining("rank 5"),
    });
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await answering()).toBe(live);
    expect(await getTraffic(model)).toMatchObject({ version: live });
    await until(async () => expect(await endpointNames()).toEqual([endpoint]));
  }, 120_000);

  test("of a package whose model cannot be loaded fails with SageMaker's reason", async () => {
    expectErrorLog(/Deployment failed/);
    const live = await answering();
    const { version } = await stage.importPackage(
      model,
      await differently(good, { onnx: Buffer.from("no model") }),
    );
    const done = await deploy({ version });
    expect(done).toMatchObject({
      status: "failed",
      step: "candidate",
      reason: expect.stringContaining("ping"),
    });
    expect(await answering()).toBe(live);
    await until(async () => expect(await endpointNames()).toEqual([endpoint]));
    const { items } = await listVersions({ model });
    expect(items.map((one) => one.status)).toContain("accepted");
  }, 120_000);

  test("is superseded by a later request for another version", async () => {
    const [one, other] = [await another("third"), await another("fourth")];
    const first = await ask({ version: (await stage.importPackage(model, one)).version });
    const last = await deploy({ version: (await stage.importPackage(model, other)).version });
    expect(last.status).toBe("live");
    expect(await stage.deployed(first.deployment!.id)).toMatchObject({
      status: "superseded",
      reason: expect.stringContaining(last.id),
    });
    expect(await answering()).toBe(last.version);
  }, 120_000);
});

describe("Traffic", () => {
  test("is split by the prediction's id, and moves completely after the last share", async () => {
    const live = (await getTraffic(model)).version;
    const { version } = await stage.importPackage(model, await another("shared"));
    const { deployment } = await ask({ version, shares: [50] });
    await stage.deployed(deployment!.id, ({ step }) => step === "shifting");
    expect(await getTraffic(model)).toMatchObject({ version: live, candidate: { version, share: 50 } });
    const sent = await Promise.all(
      Array.from({ length: 8 }, (_, index) => stage.upload(`uploads/vehicles/split-${index}.jpg`, picture)),
    );
    for (const { idFor } of sent) {
      const found = await stage.prediction(idFor(model));
      // A worker goes on with what it read for ten seconds: then it may still have asked the live one.
      const expected = shareOf(found.id) < 50 ? [version, live] : [live];
      expect(expected).toContain(found.modelVersion);
    }
    expect(await ask({ version, shares: [50] })).toMatchObject({ action: "underway" });
    expect(await ask({ version, shares: [60, 100], every: "1 second" })).toMatchObject({ action: "changed" });
    await until(async () =>
      expect(await getTraffic(model)).toMatchObject({ candidate: { version, share: 60 } }),
    );
    // One minute, for one run of the schedule: each shift runs the functions of all schedules, which delays the deployment.
    await stage.shift(60_000);
    const done = await stage.deployed(deployment!.id);
    expect(done).toMatchObject({ status: "live", version });
    expect(done.comparisons).toMatchObject([
      { share: 60, decision: "wait", current: { version: live }, candidate: { version } },
    ]);
    expect((await getTraffic(model)).candidate).toBeUndefined();
  }, 120_000);

  test("returns to the live version when the shift is aborted, and the candidate endpoint is deleted", async () => {
    const live = (await getTraffic(model)).version;
    const { version } = await stage.importPackage(model, await another("called off"));
    const { deployment } = await ask({ version, shares: [10] });
    await stage.deployed(deployment!.id, ({ step }) => step === "shifting");
    await abortDeployment(model, "test", Date.now());
    expect(await getTraffic(model)).toMatchObject({ version: live });
    await until(async () => expect(await endpointNames()).toEqual([endpoint]));
    expect((await listDeployments({ model })).items[0]).toMatchObject({
      status: "failed",
      reason: "Aborted by test.",
    });
  }, 120_000);
});

describe("An endpoint", () => {
  test("deleted outside Sluice is shown as SageMaker reports it, not as the last event", async () => {
    const client = new SageMakerClient({});
    await client.send(new DeleteEndpointCommand({ EndpointName: endpoint }));
    await until(async () => expect(await endpointNames()).toEqual([]));
    client.destroy();
    const answer = await stage.api("/endpoints/refresh", { method: "POST" });
    expect(await answer.json()).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ name: endpoint, status: "Deleted" })]),
    });
    const { items } = (await (await stage.api("/models")).json()) as { items: { endpoint: object }[] };
    expect(items.map((one) => one.endpoint)).toContainEqual({ name: endpoint, status: "Deleted" });
    const again = await deploy({ version: (await getTraffic(model)).version });
    expect(again.status).toBe("live");
  }, 120_000);

  test("that is deleted has no traffic; one that failed is deleted and created again", async () => {
    expectErrorLog(/Deployment failed/);
    const answer = await stage.api(`/endpoints/${endpoint}`, { method: "DELETE" });
    expect(answer.status).toBe(202);
    await until(async () => expect(await endpointNames()).toEqual([]));
    expect((await getTraffic(model)).version).toBeUndefined();

    await stage.faults({
      point: "sagemaker:deploy",
      match: { endpoint },
      kind: "error",
      code: "X",
      times: 1,
    });
    const failed = await deploy({ version: (await listVersions({ model })).items.at(-1)!.version });
    expect(failed).toMatchObject({
      status: "failed",
      step: "live",
      reason: expect.stringContaining("could not be created"),
    });
    const again = await deploy({ version: failed.version });
    expect(again.status).toBe("live");
    expect(again.times.map(({ note }: { note?: string }) => note).join()).toContain(
      "deleted and created again",
    );
  }, 120_000);
});
