// Deployments whose events arrive twice, late, in another order, or never.
import { RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import { advanceDeployment } from "@sluice/core/deployment/advance.ts";
import { getDeployment, getTraffic } from "@sluice/core/deployment/read.ts";
import { provision } from "@sluice/core/deployment/request.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { candidate, deployments, endpoint, MINUTE, model, versionOf } from "./deployments.ts";
import { expectErrorLog } from "../support/error-log.ts";

const { time, clock, registered, forget, deploy, happen, ...sagemaker } = deployments();
const { scaler, endpoints, configs, scaled, broken, hooks, finishChanges } = sagemaker;

/** In any order: SageMaker finishes its changes, a minute passes, or up to three events arrive at once. */
const happenings = fc.array(
  fc.oneof(
    fc.constant("changes finish" as const),
    fc.constant("a minute" as const),
    fc.integer({ min: 1, max: 3 }),
  ),
  { maxLength: 14 },
);

describe("A deployment with events in any order and number", () => {
  test("goes live: the endpoint serves the version, and no candidate endpoint remains", async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (list) => {
        await forget();
        await deploy(await registered("a"));
        const version = await registered("b");
        const { deployment } = await provision({ model, version }, "test", time.now);
        await happen(list);
        expect(await getDeployment(deployment!.id)).toMatchObject({ status: "live", step: "done" });
        expect(versionOf(endpoints.get(endpoint)!.config)).toBe(version);
        expect([...endpoints.keys()]).toEqual([endpoint]);
        expect(await getTraffic(model)).toMatchObject({ version, endpoint });
      }),
      { seed: 21, numRuns: 20 },
    );
  }, 60_000);

  test("fails with a broken version: the previous version serves on, and no candidate endpoint remains", async () => {
    expectErrorLog(/Deployment failed/);
    await fc.assert(
      fc.asyncProperty(happenings, async (list) => {
        await forget();
        const before = await registered("a");
        await deploy(before);
        const version = await registered("b");
        const { deployment } = await provision({ model, version }, "test", time.now);
        broken.add(deployment!.config);
        await happen(list);
        expect(await getDeployment(deployment!.id)).toMatchObject({
          status: "failed",
          reason: expect.stringContaining("no ping"),
        });
        expect([...endpoints]).toMatchObject([[endpoint, { status: "InService" }]]);
        expect(versionOf(endpoints.get(endpoint)!.config)).toBe(before);
        expect(await getTraffic(model)).toMatchObject({ version: before });
      }),
      { seed: 22, numRuns: 15 },
    );
  }, 60_000);
});

describe("A deployment", () => {
  test("fails when SageMaker rolls its update back, and the previous version serves on", async () => {
    expectErrorLog(/Deployment failed/);
    const before = await registered("a");
    await deploy(before);
    const { deployment } = await provision({ model, version: await registered("b") }, "test", time.now);
    await advanceDeployment(model, clock);
    finishChanges();
    await advanceDeployment(model, clock);
    broken.add(deployment!.config);
    finishChanges();
    await advanceDeployment(model, clock);
    expect(await getDeployment(deployment!.id)).toMatchObject({
      status: "failed",
      step: "live",
      reason: expect.stringContaining("rolled back"),
    });
    expect([...endpoints.keys()]).toEqual([endpoint]);
    expect(await getTraffic(model)).toMatchObject({ version: before });
  });

  test("to another instance type restores the scaling of the live endpoint when it is rolled back", async () => {
    expectErrorLog(/Deployment failed/);
    const live = "endpoint/sluice-test-vehicles-realtime/variant/AllTraffic";
    const on = (version: string, instance: string) =>
      provision({ model, version, target: "realtime", instance }, "test", time.now);
    await on(await registered("a"), "ml.m5.large");
    for (let turn = 0; turn < 5; turn++) {
      await advanceDeployment(model, clock);
      finishChanges();
    }
    expect([...scaled]).toEqual([live]);
    const { deployment } = await on(await registered("b"), "ml.c5.large");
    await advanceDeployment(model, clock);
    finishChanges();
    await advanceDeployment(model, clock);
    // SageMaker refuses other instances to an endpoint that is scaled.
    expect([...scaled]).toEqual([]);
    broken.add(deployment!.config);
    finishChanges();
    await advanceDeployment(model, clock);
    expect(await getDeployment(deployment!.id)).toMatchObject({ status: "failed", step: "live" });
    expect([...scaled]).toEqual([live]);
    expect(scaler.commandCalls(RegisterScalableTargetCommand).at(-1)!.args[0].input).toMatchObject({
      MinCapacity: 1,
      MaxCapacity: 3,
    });
  });

  test("fails after 40 minutes without progress", async () => {
    expectErrorLog(/Deployment failed/);
    await deploy(await registered("a"));
    const { deployment } = await provision({ model, version: await registered("b") }, "test", time.now);
    await advanceDeployment(model, clock);
    expect(endpoints.get(candidate)).toMatchObject({ status: "Creating" });
    time.now += 41 * MINUTE;
    await advanceDeployment(model, clock);
    expect(await getDeployment(deployment!.id)).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/"candidate" did not finish within 40 minutes/),
    });
  });

  test.each(["DescribeEndpointConfig", "CreateEndpoint", "UpdateEndpoint"])(
    "whose config is deleted before %s creates it again, and fails if it is deleted each time",
    async (operation) => {
      expectErrorLog(/Deployment failed/);
      await deploy(await registered("a"));
      const version = await registered("b");
      let removals = 1;
      hooks.beforeConfig = (requested, config) => {
        if (requested === operation && versionOf(config) === version && removals-- > 0)
          configs.delete(config);
      };
      const first = await provision({ model, version }, "test", time.now);
      await happen([]);
      expect(await getDeployment(first.deployment!.id)).toMatchObject({ status: "live" });
      removals = Infinity;
      await deploy(await registered("a"));
      const second = await provision({ model, version }, "test", time.now);
      await happen([]);
      expect(await getDeployment(second.deployment!.id)).toMatchObject({
        status: "failed",
        reason: expect.stringContaining("Could not find endpoint configuration"),
      });
    },
  );
});
