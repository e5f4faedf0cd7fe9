// What the operations refuse.
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

/** The resource, which every change must name in full. */
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

export function checkBounds({ MinCapacity: min, MaxCapacity: max }: RegisterScalableTargetRequest) {
  if (min === undefined || max === undefined)
    throw invalid("You must specify the MinCapacity and MaxCapacity of a new scalable target.");
  if (min === 0) throw notImplemented("application-autoscaling with MinCapacity 0");
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 0)
    throw invalid("MinCapacity and MaxCapacity must be whole numbers of instances.");
  if (max < min)
    throw invalid(`Maximum capacity cannot be less than minimum capacity: ${max} is less than ${min}.`);
}

export function checkPolicy(input: PutScalingPolicyRequest) {
  const name = input.PolicyName ?? "";
  if (name.length < 1 || name.length > POLICY_NAME_CHARACTERS)
    throw invalid(`PolicyName must have 1 to ${POLICY_NAME_CHARACTERS} characters.`);
  if (input.PolicyType !== "TargetTrackingScaling")
    throw notImplemented(`application-autoscaling PutScalingPolicy with PolicyType ${input.PolicyType}`);
  const tracking = input.TargetTrackingScalingPolicyConfiguration;
  if (!tracking) throw invalid("TargetTrackingScalingPolicyConfiguration is required.");
  if (!(tracking.TargetValue! > 0)) throw invalid("TargetValue must be greater than 0.");
  const metric = tracking.PredefinedMetricSpecification?.PredefinedMetricType;
  if (metric !== "SageMakerVariantInvocationsPerInstance")
    throw notImplemented(
      `application-autoscaling PutScalingPolicy with the metric ${metric ?? "of CustomizedMetricSpecification"}`,
    );
  for (const cooldown of [tracking.ScaleInCooldown ?? 0, tracking.ScaleOutCooldown ?? 0])
    if (!(cooldown >= 0)) throw invalid("A cooldown must not be negative.");
  return tracking;
}
