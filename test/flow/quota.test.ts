// A new account: what its quotas do not allow is capped and said, or refused with the fix before any work starts.
import type { Deployment } from "@sluice/core/deployment/deployment.ts";
import { listDeployments } from "@sluice/core/deployment/read.ts";
import { provision, type Request } from "@sluice/core/deployment/request.ts";
import { NEW_ACCOUNT } from "@sluice/local/kernel/quotas.ts";
import { DescribeEndpointCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { TrainingRun } from "@sluice/core/training/training.ts";
import type * as z from "zod";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { graphWithoutSchedules, startStage, type Stage } from "../support/cloud.ts";
import { expectErrorLog } from "../support/error-log.ts";
import { differently } from "../support/package.ts";
import { packageOf, sampleOf } from "../support/sample.ts";
import { until } from "../support/until.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(graphWithoutSchedules(), 0, NEW_ACCOUNT);
  await stage.importPackage("vehicles", await packageOf("vehicles"));
  await stage.importPackage("compliance", await packageOf("compliance"));
}, 120_000);
afterAll(() => stage.dispose());
afterEach(() => stage.faults());

const ask = (model: string, more: Partial<z.input<typeof Request>> = {}) =>
  provision({ model, ...more }, "test", Date.now());
async function deploy(model: string, more: Partial<z.input<typeof Request>> = {}): Promise<Deployment> {
  const { deployment } = await ask(model, more);
  return stage.deployed(deployment!.id);
}
async function served(model: string) {
  const found = await new SageMakerClient({}).send(
    new DescribeEndpointCommand({ EndpointName: `sluice-local-${model}-serverless` }),
  );
  return found.ProductionVariants![0]!.CurrentServerlessConfig;
}

describe("An endpoint beyond the quotas of the account", () => {
  test("gets the memory that the account allows, and its record, history and answers say so", async () => {
    const done = await deploy("vehicles", { memory: 4096, concurrency: 7 });
    expect(done).toMatchObject({
      status: "live",
      hosting: { memory: 3072, concurrency: 7 },
      requested: { memory: 4096, concurrency: 7 },
      reason: expect.stringMatching(/^Memory 3072 MB instead of 4096 MB: .* AWS Support/),
    });
    expect(done.times.map(({ note }) => note)).toContain(
      "Memory 3072 MB instead of 4096 MB: this account allows no more.",
    );
    expect(await served("vehicles")).toMatchObject({ MemorySizeInMB: 3072, MaxConcurrency: 7 });
    const { items } = await listDeployments({ model: "vehicles" });
    expect(items[0]).toMatchObject({ reason: done.reason });
  });

  test("is unchanged by the same request, which repeats the warning", async () => {
    expect(await ask("vehicles", { memory: 4096, concurrency: 7 })).toMatchObject({
      action: "unchanged",
      warning: expect.stringContaining("Memory 3072 MB instead of 4096 MB"),
    });
  });

  test("gets the concurrency that other endpoints leave, and leaves no unused config", async () => {
    const done = await deploy("compliance");
    expect(done).toMatchObject({
      status: "live",
      hosting: { memory: 3072, concurrency: 3 },
      requested: { memory: 4096, concurrency: 10 },
      reason: expect.stringMatching(/Memory 3072 MB .* Concurrency 3 instead of 10: .*L-96300102/),
    });
    const configs = await stage.sagemakerNames("endpoint-config");
    expect(configs.filter((name) => name.includes("compliance"))).toEqual([done.config]);
  });

  test("is updated directly when no concurrency is left for a candidate", async () => {
    const next = await differently(await packageOf("vehicles"), {
      manifest: (given) => ({ ...given, training: { word: "next" } }),
    });
    const { version } = await stage.importPackage("vehicles", next);
    const done = await deploy("vehicles", { version, memory: 3072, concurrency: 7 });
    expect(done).toMatchObject({ status: "live", hosting: { concurrency: 7 } });
    expect(done.requested).toBeUndefined();
    expect(done.times.map(({ step }) => step)).toEqual([
      "preparing",
      "candidate",
      "live",
      "verifying",
      "cleanup",
      "done",
    ]);
    expect(done.times.find(({ note }) => note?.includes("candidate"))?.note).toMatch(/updated directly/);
  });

  test("cannot share its traffic with a candidate that has no concurrency: the error has the fix", async () => {
    expectErrorLog(/Deployment failed/);
    const done = await deploy("vehicles", {
      version: (await oldest("vehicles")).version,
      concurrency: 7,
      shares: [10],
    });
    expect(done).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(
        /^QUOTA_EXCEEDED: The AWS account's quota "Maximum total concurrency .*" is 10, of which 10 are in use. .*without shares.*L-96300102/,
      ),
    });
  });

  test("on instances fails with quota and fix", async () => {
    expectErrorLog(/Deployment failed/);
    expect(await deploy("compliance", { target: "realtime" })).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(
        /^QUOTA_EXCEEDED: .*"ml.m5.large for endpoint usage" is 0. .*target serverless.*servicequotas/,
      ),
    });
  });

  test("fails with AWS's own words when they cannot be read", async () => {
    expectErrorLog(/Deployment failed/);
    await stage.faults({
      point: "sagemaker:UpdateEndpoint",
      kind: "error",
      code: "ResourceLimitExceeded",
      message: "Too much.",
    });
    expect(await deploy("compliance", { memory: 1024, concurrency: 1 })).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/^QUOTA_EXCEEDED: Too much. .*Service Quotas/),
    });
  });
});

describe("A training beyond the quotas of the account", () => {
  const train = async (body: object) => {
    const answer = await stage.api("/models/vehicles/training", { method: "POST", body });
    return { status: answer.status, body: (await answer.json()) as any };
  };
  const datasets = async () => {
    const answer = await stage.api("/datasets?model=vehicles");
    return ((await answer.json()) as { items: object[] }).items;
  };

  test.each([
    [{}, "ml.m5.xlarge for spot training job usage", /^Train on demand: --no-spot\..*L-[0-9A-F]{8}/],
    [
      { instance: "ml.g5.xlarge", spot: false },
      "ml.g5.xlarge for training job usage",
      /^Use another instance type, such as --instance ml\.m5\.xlarge/,
    ],
  ])(
    "%o is refused at its request, with quota and fix, before a dataset is prepared",
    async (body, quota, fix) => {
      const { status, body: problem } = await train(body);
      expect({ status, ...problem }).toMatchObject({
        status: 409,
        code: "QUOTA_EXCEEDED",
        detail: `The AWS account's quota "${quota}" is 0. This needs 1 more.`,
        hint: expect.stringMatching(fix),
      });
      expect(await datasets()).toEqual([]);
    },
  );

  test("fails with the same error when Service Quotas cannot be read", async () => {
    await stage.faults({
      point: "servicequotas:*",
      kind: "error",
      code: "AccessDeniedException",
      status: 400,
    });
    const lines = ["file,label"];
    for (let index = 0; index < 40; index++) {
      const { bytes, label } = await sampleOf("vehicles", index);
      const { key } = await stage.upload(`data/vehicles/${label}/${index}.jpg`, bytes);
      lines.push(`${key},${label}`);
    }
    await stage.upload("labels/vehicles/all.csv", lines.join("\n"));
    await until(async () => {
      const { items } = (await (await stage.api("/labels/vehicles/imports")).json()) as {
        items: { status: string }[];
      };
      if (items[0]?.status !== "done") throw new Error(JSON.stringify(items));
    });
    const { status, body } = await train({});
    expect(status).toBe(202);
    const run = await until(async () => {
      const found = (await (await stage.api(`/training/${body.name}`)).json()) as TrainingRun;
      if (found.status === "Preparing") throw new Error("still preparing");
      return found;
    });
    expect(run).toMatchObject({
      status: "Failed",
      failureReason: expect.stringMatching(
        /^QUOTA_EXCEEDED: .*"ml.m5.xlarge for spot training job usage" is 0/,
      ),
    });
  }, 60_000);
});

async function oldest(model: string) {
  const answer = await stage.api(`/versions?model=${model}`);
  return ((await answer.json()) as { items: { version: string }[] }).items.at(-1)!;
}
