import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testCloud, type TestCloud } from "../../kernel/testing-cloud.ts";
import { manualClock, type ManualClock } from "../../kernel/clock.ts";
import type { Plugin } from "../../kernel/service.ts";
import { cloudwatch } from "../cloudwatch/plugin.ts";
import { events } from "../events/plugin.ts";
import { autoscaling } from "./plugin.ts";

let cloud: TestCloud;
let clock: ManualClock;
let instances: number;
let asynchronous: boolean;

/** Replaces SageMaker: one endpoint with one variant. */
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
          AsyncInferenceConfig: asynchronous ? {} : undefined,
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
  asynchronous = false;
  clock = manualClock(Math.floor(Date.now() / 60_000) * 60_000);
  cloud = await testCloud({ plugins: [events, cloudwatch, sagemaker, autoscaling], clock });
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

const VARIANT = [
  { Name: "EndpointName", Value: "e" },
  { Name: "VariantName", Value: "main" },
];

/** Advances the clock by minutes, each with this number of invocations per instance, or this value of another metric. */
async function pass(minutes: number, load: number, name = "InvocationsPerInstance", dimensions = VARIANT) {
  for (let minute = 0; minute < minutes; minute++) {
    if (load > 0 || name !== "InvocationsPerInstance")
      await cloud.kernel.call(
        "cloudwatch",
        "PutMetricData",
        {
          Namespace: "AWS/SageMaker",
          MetricData: [
            {
              MetricName: name,
              Value: load,
              Timestamp: new Date(clock.now()),
              Dimensions: dimensions,
            },
          ],
        },
        { kind: "root" },
      );
    await clock.advance(60_000);
  }
}

test("instances scale out after three busy minutes and in after fifteen quiet ones, within the bounds", async () => {
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

test("a policy does not scale in when disabled, and not during its cooldown", async () => {
  await register();
  await follow({ DisableScaleIn: true, ScaleOutCooldown: 3600 });
  await pass(5, 190);
  expect(instances).toBe(2);
  await pass(5, 500);
  expect(instances).toBe(2);
  await pass(20, 0);
  expect(instances).toBe(2);
});

test("an asynchronous endpoint scales to zero without backlog, and an alarm scales it out again", async () => {
  asynchronous = true;
  const Dimensions = [{ Name: "EndpointName", Value: "e" }];
  await register({ MinCapacity: 0 });
  await follow({
    TargetValue: 5,
    PredefinedMetricSpecification: undefined,
    CustomizedMetricSpecification: {
      MetricName: "ApproximateBacklogSizePerInstance",
      Namespace: "AWS/SageMaker",
      Dimensions,
      Statistic: "Average",
    },
  });
  const { PolicyARN } = await client().send(
    new PutScalingPolicyCommand({
      ...RESOURCE,
      PolicyName: "wake",
      PolicyType: "StepScaling",
      StepScalingPolicyConfiguration: {
        AdjustmentType: "ChangeInCapacity",
        Cooldown: 300,
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    }),
  );
  expect(PolicyARN).toMatch(/^arn:aws:autoscaling:.*:scalingPolicy:.*:policyName\/wake$/);
  await new CloudWatchClient(cloud.client).send(
    new PutMetricAlarmCommand({
      AlarmName: "NoInstance-e",
      Namespace: "AWS/SageMaker",
      MetricName: "HasBacklogWithoutCapacity",
      Dimensions,
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 2,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      AlarmActions: [PolicyARN!],
    }),
  );
  // Periods without data about the backlog do not remove an instance.
  await pass(20, 0);
  expect(instances).toBe(1);
  await pass(17, 0, "ApproximateBacklogSizePerInstance", Dimensions);
  expect(instances).toBe(0);
  await pass(5, 0, "HasBacklogWithoutCapacity", Dimensions);
  expect(instances).toBe(0);
  await pass(4, 1, "HasBacklogWithoutCapacity", Dimensions);
  // Only one, although the alarm lasts: the policy has a cooldown of five minutes.
  await expect.poll(() => instances).toBe(1);
  await pass(5, 1, "HasBacklogWithoutCapacity", Dimensions);
  await expect.poll(() => instances).toBe(2);
  const { ScalingPolicies } = await client().send(
    new DescribeScalingPoliciesCommand({ ServiceNamespace: "sagemaker" }),
  );
  expect(new Set(ScalingPolicies!.map(({ PolicyType }) => PolicyType))).toEqual(
    new Set(["StepScaling", "TargetTrackingScaling"]),
  );
});

test("targets and policies survive a restart and are deleted with their variant", async () => {
  const { ScalableTargetARN } = await register();
  await follow();
  const dir = cloud.dir;
  await cloud.stop();
  cloud = await testCloud({ plugins: [events, cloudwatch, sagemaker, autoscaling], clock, dir });
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

test("invalid targets are rejected, and unsupported features are named", async () => {
  await expect(register({ ResourceId: "endpoint/none/variant/main" })).rejects.toThrow(/no variant "main"/);
  await expect(register({ ResourceId: "table/x" })).rejects.toThrow(/endpoint\/<endpoint name>/);
  await expect(register({ MinCapacity: 4 })).rejects.toThrow(/less than minimum/);
  await expect(register({ MinCapacity: 0 })).rejects.toThrow(/only an asynchronous endpoint/);
  await expect(follow()).rejects.toMatchObject({ name: "ObjectNotFoundException" });
  await register();
  await expect(follow({ TargetValue: 0 })).rejects.toThrow(/TargetValue/);
  const steps = [
    { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
    { MetricIntervalLowerBound: 10, ScalingAdjustment: 2 },
  ];
  const StepScalingPolicyConfiguration = {
    AdjustmentType: "ChangeInCapacity" as const,
    StepAdjustments: steps,
  };
  const stepped = { ...RESOURCE, PolicyName: "s", PolicyType: "StepScaling" as const };
  await expect(
    client().send(new PutScalingPolicyCommand({ ...stepped, StepScalingPolicyConfiguration })),
  ).rejects.toThrow(/one from 0 on/);
  await expect(register({ ServiceNamespace: "ecs" })).rejects.toThrow(/service namespace ecs/);
});
