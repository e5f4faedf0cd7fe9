// Validates the input of the operations.
import type {
  PutScalingPolicyRequest,
  RegisterScalableTargetRequest,
} from "@aws-sdk/client-application-auto-scaling";
import { AwsError, notImplemented } from "../../kernel/error.ts";
import { POLICY_NAME_CHARACTERS } from "./limits.ts";
import { DIMENSION, NAMESPACE, readResource, type Variant } from "./variant.ts";

export const invalid = (message: string) => new AwsError("ValidationException", message);

interface Named {
  ServiceNamespace?: string;
  ResourceId?: string;
  ScalableDimension?: string;
}

export function checkNamespace({ ServiceNamespace, ScalableDimension }: Named) {
  if (ServiceNamespace !== NAMESPACE)
    throw notImplemented(`application-autoscaling for the service namespace ${ServiceNamespace}`);
  if (ScalableDimension !== undefined && ScalableDimension !== DIMENSION)
    throw notImplemented(`application-autoscaling for the scalable dimension ${ScalableDimension}`);
}

/** The variant that the resource names. Changes must name namespace, dimension and resource. */
export function checkResource(input: Named): Variant {
  checkNamespace(input);
  if (!input.ScalableDimension) throw invalid("ScalableDimension is required.");
  const variant = readResource(input.ResourceId);
  if (!variant)
    throw invalid(
      `Invalid ResourceId "${input.ResourceId}": it must be of the form endpoint/<endpoint name>/variant/<variant name>.`,
    );
  return variant;
}

export function checkBounds(
  { MinCapacity: min, MaxCapacity: max }: RegisterScalableTargetRequest,
  allowZero: boolean,
) {
  if (min === undefined || max === undefined)
    throw invalid("You must specify the MinCapacity and MaxCapacity of a new scalable target.");
  if (min === 0 && !allowZero)
    throw invalid("MinCapacity must be at least 1: only an asynchronous endpoint can have no instance.");
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 0)
    throw invalid("MinCapacity and MaxCapacity must be whole numbers of instances.");
  if (max < min)
    throw invalid(`Maximum capacity cannot be less than minimum capacity: ${max} is less than ${min}.`);
}

export function checkPolicy(input: PutScalingPolicyRequest) {
  const name = input.PolicyName ?? "";
  if (name.length < 1 || name.length > POLICY_NAME_CHARACTERS)
    throw invalid(`PolicyName must have 1 to ${POLICY_NAME_CHARACTERS} characters.`);
  if (input.PolicyType === "StepScaling") return { steps: checkSteps(input) };
  if (input.PolicyType !== "TargetTrackingScaling")
    throw notImplemented(`application-autoscaling PutScalingPolicy with PolicyType ${input.PolicyType}`);
  const tracking = input.TargetTrackingScalingPolicyConfiguration;
  if (!tracking) throw invalid("TargetTrackingScalingPolicyConfiguration is required.");
  if (!(tracking.TargetValue! > 0)) throw invalid("TargetValue must be greater than 0.");
  const metric = tracking.PredefinedMetricSpecification?.PredefinedMetricType;
  const custom = tracking.CustomizedMetricSpecification;
  if (custom?.Metrics) throw notImplemented("application-autoscaling PutScalingPolicy with metric math");
  if (custom && !(custom.MetricName && custom.Namespace && custom.Statistic))
    throw invalid("CustomizedMetricSpecification needs MetricName, Namespace and Statistic.");
  if (!custom && metric !== "SageMakerVariantInvocationsPerInstance")
    throw notImplemented(`application-autoscaling PutScalingPolicy with the metric ${metric}`);
  for (const cooldown of [tracking.ScaleInCooldown ?? 0, tracking.ScaleOutCooldown ?? 0])
    if (!(cooldown >= 0)) throw invalid("A cooldown must not be negative.");
  return { tracking };
}

/** Only one step is supported: an alarm has no value that could select among several. */
function checkSteps({ StepScalingPolicyConfiguration: steps }: PutScalingPolicyRequest) {
  const adjustments = steps?.StepAdjustments ?? [];
  if (!steps || adjustments.length === 0)
    throw invalid("StepScalingPolicyConfiguration needs StepAdjustments.");
  const [{ MetricIntervalLowerBound: from = 0, MetricIntervalUpperBound: to }] = adjustments as [
    (typeof adjustments)[number],
  ];
  if (adjustments.length > 1 || from !== 0 || to !== undefined)
    throw notImplemented("application-autoscaling PutScalingPolicy with other steps than one from 0 on");
  if (steps.AdjustmentType !== "ChangeInCapacity" && steps.AdjustmentType !== "ExactCapacity")
    throw notImplemented(
      `application-autoscaling PutScalingPolicy with AdjustmentType ${steps.AdjustmentType}`,
    );
  return steps;
}
