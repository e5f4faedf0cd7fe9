import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, DeleteAlarmsCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { defineModel, type Model } from "@sluice/models/index.ts";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { configOf, hostingOf } from "./hosting.ts";
import { removeScaling, applyScaling } from "./scaling.ts";

const scaler = mockClient(ApplicationAutoScalingClient);
const alarms = mockClient(CloudWatchClient);
vi.stubEnv("SST_RESOURCE_ResultsBucket", JSON.stringify({ name: "results" }));
vi.stubEnv("SST_RESOURCE_App", JSON.stringify({ name: "sluice", stage: "test" }));
vi.stubEnv("AWS_REGION", "eu-central-1");
vi.stubEnv("AWS_ACCESS_KEY_ID", "a");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", "b");
afterAll(() => void vi.unstubAllEnvs());
beforeEach(() => {
  scaler.reset();
  alarms.reset();
  scaler.onAnyCommand().resolves({});
  scaler.on(PutScalingPolicyCommand).resolves({ PolicyARN: "arn:policy" });
  alarms.onAnyCommand().resolves({});
});

const slow = (min: number, target: "async" | "realtime" = "async") =>
  defineModel(import.meta.url, {
    name: "slow",
    task: "image-classification",
    classes: ["a", "b"],
    hosting: { target, autoscaling: { min, max: 2 } },
  }) as Model;
const policies = () => scaler.commandCalls(PutScalingPolicyCommand).map(({ args }) => args[0].input);
const endpoint = "sluice-test-slow-async";

describe("an asynchronous endpoint", () => {
  test("scales to zero, and its first waiting request starts an instance", async () => {
    const hosting = hostingOf(slow(0), {});
    expect(await applyScaling({ endpoint, hosting })).toBeUndefined();
    const [target] = scaler.commandCalls(RegisterScalableTargetCommand).map(({ args }) => args[0].input);
    expect(target).toMatchObject({ MinCapacity: 0, MaxCapacity: 2 });
    expect(policies()).toMatchObject([
      {
        PolicyType: "TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration: {
          CustomizedMetricSpecification: {
            Namespace: "AWS/SageMaker",
            MetricName: "ApproximateBacklogSizePerInstance",
            Dimensions: [{ Name: "EndpointName", Value: endpoint }],
            Statistic: "Average",
          },
        },
      },
      {
        PolicyType: "StepScaling",
        StepScalingPolicyConfiguration: {
          AdjustmentType: "ChangeInCapacity",
          StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
        },
      },
    ]);
    const [alarm] = alarms.commandCalls(PutMetricAlarmCommand).map(({ args }) => args[0].input);
    expect(alarm).toMatchObject({
      AlarmName: `NoInstance-endpoint/${endpoint}`,
      MetricName: "HasBacklogWithoutCapacity",
      Dimensions: [{ Name: "EndpointName", Value: endpoint }],
      Threshold: 1,
      EvaluationPeriods: 2,
      AlarmActions: ["arn:policy"],
    });
    // It begins with one: SageMaker makes no endpoint of none.
    expect(configOf("c", "slow", hosting).ProductionVariants).toMatchObject([{ InitialInstanceCount: 1 }]);
  });

  test("with a minimum of one instance has no alarm for waiting requests, and its scaling is removed before the endpoint", async () => {
    await applyScaling({ endpoint, hosting: hostingOf(slow(1), {}) });
    expect(policies().map(({ PolicyName }) => PolicyName)).toEqual(["backlog-per-instance"]);
    expect(alarms.calls()).toEqual([]);
    await removeScaling(endpoint);
    expect(scaler.commandCalls(DeregisterScalableTargetCommand)).toHaveLength(1);
    const [deleted] = alarms.commandCalls(DeleteAlarmsCommand).map(({ args }) => args[0].input);
    expect(deleted).toEqual({ AlarmNames: [`NoInstance-endpoint/${endpoint}`] });
  });
});

test("a real-time endpoint has at least one instance, also when the declaration allows none", () => {
  expect(hostingOf(slow(0), { target: "realtime" }).autoscaling).toEqual({ min: 1, max: 2 });
  expect(() => slow(0, "realtime")).toThrow(/autoscaling.min.*only the target `async`/s);
});
