// The instances of an endpoint follow its load, between the bounds its declaration gives: invocations for a real-time one,
// the backlog for an asynchronous one, which may have none at all while nobody asks.
import {
  DeregisterScalableTargetCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  type TargetTrackingScalingPolicyConfiguration,
} from "@aws-sdk/client-application-auto-scaling";
import { DeleteAlarmsCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { autoscaling } from "../aws/autoscaling.ts";
import { cloudwatch } from "../aws/cloudwatch.ts";
import { db } from "../db.ts";
import { log } from "../log.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { variantName } from "./hosting.ts";

/** Invocations a minute that one instance is to have: five a second leaves room for the minutes a new one takes. */
const perInstance = 300;
/** Requests that one instance is to have before it. */
const backlogPerInstance = 5;
/** Deployments looked back on for the one that is live. */
const lookBack = 50;
const scaleOutSeconds = 60;
const scaleInSeconds = 300;
const minuteSeconds = 60;

const variantOf = (endpoint: string) => ({
  ServiceNamespace: "sagemaker" as const,
  ResourceId: `endpoint/${endpoint}/variant/${variantName}`,
  ScalableDimension: "sagemaker:variant:DesiredInstanceCount" as const,
});
const metricsOf = (endpoint: string) => ({
  Namespace: "AWS/SageMaker",
  Dimensions: [{ Name: "EndpointName", Value: endpoint }],
});
/** Its rights are given by this form, which target tracking's own alarms have too. */
const alarmOf = (endpoint: string) => `NoInstance-endpoint/${endpoint}`;

/** What went wrong, or nothing. It serves all the same, with as many instances as it began with. */
export async function scale({
  endpoint,
  hosting,
}: Pick<DeploymentItem, "endpoint" | "hosting">): Promise<string | undefined> {
  const { target } = hosting;
  if (target !== "realtime" && target !== "async") return undefined;
  const { min, max } = hosting.autoscaling;
  const variant = variantOf(endpoint);
  try {
    await autoscaling().send(
      new RegisterScalableTargetCommand({ ...variant, MinCapacity: min, MaxCapacity: max }),
    );
    await autoscaling().send(
      new PutScalingPolicyCommand({
        ...variant,
        PolicyName: target === "realtime" ? "invocations-per-instance" : "backlog-per-instance",
        PolicyType: "TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration: {
          ...goalOf(endpoint, target),
          ScaleOutCooldown: scaleOutSeconds,
          ScaleInCooldown: scaleInSeconds,
        },
      }),
    );
    if (min === 0) await wake(endpoint);
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    return `It serves, but will not scale between ${min} and ${max} instances: ${name} ${message}`;
  }
}

function goalOf(endpoint: string, target: "realtime" | "async"): TargetTrackingScalingPolicyConfiguration {
  if (target === "realtime")
    return {
      TargetValue: perInstance,
      PredefinedMetricSpecification: { PredefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
    };
  return {
    TargetValue: backlogPerInstance,
    CustomizedMetricSpecification: {
      ...metricsOf(endpoint),
      MetricName: "ApproximateBacklogSizePerInstance",
      Statistic: "Average",
    },
  };
}

/** A share of a backlog tells nothing where there is no instance: the first request that waits starts one. */
async function wake(endpoint: string): Promise<void> {
  const { PolicyARN } = await autoscaling().send(
    new PutScalingPolicyCommand({
      ...variantOf(endpoint),
      PolicyName: "backlog-without-capacity",
      PolicyType: "StepScaling",
      StepScalingPolicyConfiguration: {
        AdjustmentType: "ChangeInCapacity",
        MetricAggregationType: "Average",
        Cooldown: scaleInSeconds,
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    }),
  );
  await cloudwatch().send(
    new PutMetricAlarmCommand({
      ...metricsOf(endpoint),
      AlarmName: alarmOf(endpoint),
      AlarmDescription: "Requests wait and no instance is there for them",
      MetricName: "HasBacklogWithoutCapacity",
      Statistic: "Average",
      Period: minuteSeconds,
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "missing",
      AlarmActions: [PolicyARN!],
    }),
  );
}

/**
 * An update to other instances had to take the scaling away before it began: where nothing came of it, what serves on is
 * scaled as it was.
 */
export async function rescale({ model, endpoint, asked }: DeploymentItem): Promise<void> {
  if (asked?.[endpoint] === undefined) return;
  const { data } = await db()
    .entities.deployment.query.byTime({ model })
    .go({ order: "desc", limit: lookBack });
  const live = data.find(({ status }) => status === "live");
  const problem = live?.endpoint === endpoint ? await scale(live) : undefined;
  if (problem) log().error("The scaling before could not be restored", { endpoint, reason: problem });
}

/** Before its endpoint is deleted. Its policies, and the alarms that are theirs, go with the target; ours does not. */
export async function unscale(endpoint: string): Promise<void> {
  await autoscaling()
    .send(new DeregisterScalableTargetCommand(variantOf(endpoint)))
    .catch((error: unknown) => {
      if ((error as Error).name !== "ObjectNotFoundException")
        log().warn("Autoscaling was not deregistered", { endpoint, error: String(error) });
    });
  await cloudwatch()
    .send(new DeleteAlarmsCommand({ AlarmNames: [alarmOf(endpoint)] }))
    .catch((error: unknown) => {
      if ((error as Error).name !== "ResourceNotFound")
        log().warn("An alarm was not deleted", { endpoint, error: String(error) });
    });
}
