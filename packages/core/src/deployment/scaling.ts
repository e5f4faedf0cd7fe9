// Autoscaling between the declared bounds: by invocations for a real-time endpoint, by backlog for an asynchronous one,
// which may scale to no instance.
import {
  DeregisterScalableTargetCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  type TargetTrackingScalingPolicyConfiguration,
} from "@aws-sdk/client-application-auto-scaling";
import { DeleteAlarmsCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { autoscaling } from "../aws/autoscaling.ts";
import { cloudwatch } from "../aws/cloudwatch.ts";
import { log } from "../log.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { variantName } from "./hosting.ts";
import { recentDeployments } from "./read.ts";

/** Invocations a minute per instance: five a second leaves room while a new instance starts. */
const perInstance = 300;
/** Waiting requests per instance. */
const backlogPerInstance = 5;
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
/** The permission in infra/ covers this form, which the alarms of target tracking have too. */
const alarmOf = (endpoint: string) => `NoInstance-endpoint/${endpoint}`;

/** Returns the error, if any. The endpoint serves anyway, with its initial instances. */
export async function applyScaling({
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
    if (min === 0) await scaleFromZero(endpoint);
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    return `It serves, but cannot scale between ${min} and ${max} instances: ${name} ${message}`;
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

/** The backlog per instance is undefined without instances: the first waiting request starts one. */
async function scaleFromZero(endpoint: string): Promise<void> {
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
      AlarmDescription: "Requests are waiting and there is no instance",
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

/** An update to another instance type removes the scaling first. When the update fails, the scaling is restored. */
export async function restoreScaling({ model, endpoint, modifiedBefore }: DeploymentItem): Promise<void> {
  if (modifiedBefore?.[endpoint] === undefined) return;
  const live = (await recentDeployments(model)).find(({ status }) => status === "live");
  const problem = live?.endpoint === endpoint ? await applyScaling(live) : undefined;
  if (problem) log().error("The previous scaling could not be restored", { endpoint, reason: problem });
}

/** Call before deleting the endpoint. Deregistering removes the policies and their alarms, but not our own alarm. */
export async function removeScaling(endpoint: string): Promise<void> {
  await autoscaling()
    .send(new DeregisterScalableTargetCommand(variantOf(endpoint)))
    .catch((error: unknown) => {
      if ((error as Error).name !== "ObjectNotFoundException")
        log().warn("The scalable target could not be deregistered", { endpoint, error: String(error) });
    });
  await cloudwatch()
    .send(new DeleteAlarmsCommand({ AlarmNames: [alarmOf(endpoint)] }))
    .catch((error: unknown) => {
      if ((error as Error).name !== "ResourceNotFound")
        log().warn("The alarm could not be deleted", { endpoint, error: String(error) });
    });
}
