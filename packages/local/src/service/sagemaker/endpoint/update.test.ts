// Updates of endpoints: rollback, canaries, weights and instance counts.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { endpointTests } from "./testing.ts";

const { kernel, root, ringing, request, createConfig, createEndpoint, changed, invoke, statuses } =
  endpointTests();

test("an update moves to the new model; a failed one rolls back to the old model", async () => {
  await createConfig("one");
  await createConfig("two");
  await createConfig("crash");
  await createEndpoint("one");
  await request("UpdateEndpoint", { EndpointName: "e", EndpointConfigName: "two" });
  expect(await changed()).toMatchObject({ EndpointStatus: "InService", EndpointConfigName: "two" });
  expect(await invoke("x")).toMatch(/^two:/);

  await request("UpdateEndpoint", { EndpointName: "e", EndpointConfigName: "crash" });
  expect(await changed()).toMatchObject({
    EndpointStatus: "InService",
    EndpointConfigName: "two",
    FailureReason: expect.stringContaining("exit code 3"),
  });
  expect(await invoke("x")).toMatch(/^two:/);
  expect(statuses().slice(-3)).toEqual(["UPDATING", "ROLLING_BACK", "IN_SERVICE"]);
});

/** Waits until the new fleet receives its first traffic. */
async function waitForBaking() {
  await expect
    .poll(() => kernel().events.at(-1)?.detail["PendingDeploymentSummary"], { timeout: 20_000 })
    .toMatchObject({ ProductionVariants: [{ VariantStatus: [{ Status: "Baking" }] }] });
}
const canary = (alarm?: string) => ({
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: "CANARY",
      WaitIntervalInSeconds: 600,
      CanarySize: { Type: "CAPACITY_PERCENT", Value: 50 },
    },
  },
  ...(alarm && { AutoRollbackConfiguration: { Alarms: [{ AlarmName: alarm }] } }),
});
const answers = async () => {
  const all = new Set<string>();
  for (let count = 0; count < 20; count++) all.add((await invoke("x")).split(":")[0]!);
  return [...all].toSorted();
};

test("a canary receives its share of the traffic, then all of it; an alarm rolls back", async () => {
  await createConfig("one");
  await createConfig("two");
  await createConfig("three");
  await createEndpoint("one");
  const update = (config: string, DeploymentConfig: object) =>
    request("UpdateEndpoint", { EndpointName: "e", EndpointConfigName: config, DeploymentConfig });
  await update("two", canary());
  await waitForBaking();
  expect(await answers()).toEqual(["one", "two"]);
  await kernel().clock.advance(600_000);
  await kernel().clock.advance(600_000);
  expect(await changed()).toMatchObject({ EndpointConfigName: "two", LastDeploymentConfig: canary() });
  expect(await answers()).toEqual(["two"]);

  await update("three", canary("errors"));
  await waitForBaking();
  ringing.add("errors");
  await kernel().clock.advance(600_000);
  expect(await changed()).toMatchObject({
    EndpointConfigName: "two",
    FailureReason: expect.stringContaining('"errors"'),
  });
  expect(await answers()).toEqual(["two"]);
  await expect(
    update("three", {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: "LINEAR",
          WaitIntervalInSeconds: 0,
          LinearStepSize: { Type: "CAPACITY_PERCENT", Value: 5 },
        },
      },
    }),
  ).rejects.toThrow(/linearStepSize/);
});

test("weights and instance counts can change, and an update retains them only on request", async () => {
  await createConfig("one");
  await createConfig("two");
  await createEndpoint("one");
  const change = (desired: object) =>
    request("UpdateEndpointWeightsAndCapacities", {
      EndpointName: "e",
      DesiredWeightsAndCapacities: [{ VariantName: "main", ...desired }],
    });
  const variant = async () => (await changed()).ProductionVariants[0];
  await change({ DesiredWeight: 3, DesiredInstanceCount: 2 });
  expect(await variant()).toMatchObject({
    CurrentWeight: 3,
    CurrentInstanceCount: 2,
    DesiredInstanceCount: 2,
  });
  await expect(change({ DesiredInstanceCount: 0 })).rejects.toThrow(/at least 1/);
  await request("UpdateEndpoint", {
    EndpointName: "e",
    EndpointConfigName: "two",
    RetainAllVariantProperties: true,
    ExcludeRetainedVariantProperties: [{ VariantPropertyType: "DesiredWeight" }],
  });
  expect(await variant()).toMatchObject({ CurrentWeight: 1, CurrentInstanceCount: 2 });
});

test("an update stops the old container after its running requests", async () => {
  await createConfig("v1");
  await createConfig("v2");
  await createEndpoint("v1");
  const file = path.join(root(), "go");
  const underWay = invoke(`until ${file}`);
  await request("UpdateEndpoint", { EndpointName: "e", EndpointConfigName: "v2" });
  expect((await changed()).EndpointConfigName).toBe("v2");
  expect(await invoke("next")).toMatch(/^v2:next/);
  writeFileSync(file, "");
  expect(await underWay).toMatch(/^v1:until/);
});
