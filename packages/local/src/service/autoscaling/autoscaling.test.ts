import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testCloud, type TestCloud } from "../../kernel/testing-cloud.ts";
import { manualClock, type ManualClock } from "../../kernel/clock.ts";
import type { Plugin } from "../../kernel/service.ts";
import { cloudwatch } from "../cloudwatch/plugin.ts";
import { autoscaling } from "./plugin.ts";

let cloud: TestCloud;
let clock: ManualClock;
let instances: number;

/** Stands in for SageMaker: one endpoint with one variant. */
const sagemaker: Plugin = {
  name: "sagemaker",
  resources: {},
  start: () => ({
    access: () => [],
    operations: {
      DescribeEndpoint({ EndpointName }: { EndpointName: string }) {
        if (EndpointName !== "e")
          throw Object.assign(new Error("Could not find"), { name: "ValidationException" });
        return {
          EndpointStatus: "InService",
          ProductionVariants: [{ VariantName: "main", DesiredInstanceCount: instances }],
        };
      },
      UpdateEndpointWeightsAndCapacities(input: any) {
        instances = input.DesiredWeightsAndCapacities[0].DesiredInstanceCount;
        return {};
      },
    },
  }),
};

beforeEach(async () => {
  instances = 1;
  clock = manualClock(Math.floor(Date.now() / 60_000) * 60_000);
  cloud = await testCloud({ plugins: [cloudwatch, sagemaker, autoscaling], clock });
});
afterEach(() => cloud.dispose());

const client = () => new ApplicationAutoScalingClient(cloud.client);
const RESOURCE = {
  ServiceNamespace: "sagemaker" as const,
  ResourceId: "endpoint/e/variant/main",
  ScalableDimension: "sagemaker:variant:DesiredInstanceCount" as const,
};
const register = (more: object = {}) =>
  client().send(new RegisterScalableTargetCommand({ ...RESOURCE, MinCapacity: 1, MaxCapacity: 3, ...more }));
const follow = (more: object = {}) =>
  client().send(
    new PutScalingPolicyCommand({
      ...RESOURCE,
      PolicyName: "load",
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 100,
        PredefinedMetricSpecification: { PredefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
        ScaleInCooldown: 0,
        ScaleOutCooldown: 180,
        ...more,
      },
    }),
  );

/** Lets minutes pass, each with so many invocations per instance. */
async function pass(minutes: number, load: number) {
  for (let minute = 0; minute < minutes; minute++) {
    if (load > 0)
      await cloud.kernel.call(
        "cloudwatch",
        "PutMetricData",
        {
          Namespace: "AWS/SageMaker",
          MetricData: [
            {
              MetricName: "InvocationsPerInstance",
              Value: load,
              Timestamp: new Date(clock.now()),
              Dimensions: [
                { Name: "EndpointName", Value: "e" },
                { Name: "VariantName", Value: "main" },
              ],
            },
          ],
        },
        { kind: "root" },
      );
    await clock.advance(60_000);
  }
}

test("instances follow the load: out after three busy minutes, in after fifteen quiet ones, within the bounds", async () => {
  await register();
  await follow();
  await pass(3, 190);
  expect(instances).toBe(1);
  await pass(1, 190);
  expect(instances).toBe(2);
  await pass(4, 500);
  expect(instances).toBe(3);
  await pass(17, 0);
  expect(instances).toBe(1);
  const { ScalingActivities } = await client().send(
    new DescribeScalingActivitiesCommand({ ServiceNamespace: "sagemaker" }),
  );
  expect(ScalingActivities![0]).toMatchObject({
    Description: "Setting desired instance count to 1, from 3.",
    StatusCode: "Successful",
  });
});

test("a policy that may not scale in, or rests, leaves the instances alone", async () => {
  await register();
  await follow({ DisableScaleIn: true, ScaleOutCooldown: 3600 });
  await pass(5, 190);
  expect(instances).toBe(2);
  await pass(5, 500);
  expect(instances).toBe(2);
  await pass(20, 0);
  expect(instances).toBe(2);
});

test("targets and policies are kept over a restart and go with their variant", async () => {
  const { ScalableTargetARN } = await register();
  await follow();
  const dir = cloud.dir;
  await cloud.stop();
  cloud = await testCloud({ plugins: [cloudwatch, sagemaker, autoscaling], clock, dir });
  const targets = await client().send(new DescribeScalableTargetsCommand({ ServiceNamespace: "sagemaker" }));
  expect(targets.ScalableTargets).toMatchObject([{ ScalableTargetARN, MinCapacity: 1, MaxCapacity: 3 }]);
  const policies = () => client().send(new DescribeScalingPoliciesCommand({ ServiceNamespace: "sagemaker" }));
  expect((await policies()).ScalingPolicies).toMatchObject([{ PolicyName: "load" }]);
  await pass(4, 190);
  expect(instances).toBe(2);
  await client().send(new DeregisterScalableTargetCommand(RESOURCE));
  expect((await policies()).ScalingPolicies).toEqual([]);
  await expect(client().send(new DeregisterScalableTargetCommand(RESOURCE))).rejects.toMatchObject({
    name: "ObjectNotFoundException",
  });
});

test("what cannot be scaled is refused, and what is not built is refused by name", async () => {
  await expect(register({ ResourceId: "endpoint/none/variant/main" })).rejects.toThrow(/no variant "main"/);
  await expect(register({ ResourceId: "table/x" })).rejects.toThrow(/endpoint\/<endpoint name>/);
  await expect(register({ MinCapacity: 4 })).rejects.toThrow(/less than minimum/);
  await expect(follow()).rejects.toMatchObject({ name: "ObjectNotFoundException" });
  await register();
  await expect(follow({ TargetValue: 0 })).rejects.toThrow(/TargetValue/);
  await expect(register({ ServiceNamespace: "ecs" })).rejects.toThrow(/service namespace ecs/);
});
