// A real-time endpoint's instances follow its load, between the bounds its declaration gives.
import {
  DeregisterScalableTargetCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { autoscaling } from "../aws/autoscaling.ts";
import { log } from "../log.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { variantName } from "./hosting.ts";

/** Invocations a minute that one instance is to have: five a second leaves room for the minutes a new one takes. */
const perInstance = 300;
const scaleOutSeconds = 60;
const scaleInSeconds = 300;

const variantOf = (endpoint: string) => ({
  ServiceNamespace: "sagemaker" as const,
  ResourceId: `endpoint/${endpoint}/variant/${variantName}`,
  ScalableDimension: "sagemaker:variant:DesiredInstanceCount" as const,
});

/** What went wrong, or nothing. It serves all the same, with as many instances as it began with. */
export async function scale({ endpoint, hosting }: DeploymentItem): Promise<string | undefined> {
  if (hosting.target !== "realtime") return undefined;
  const { min, max } = hosting.autoscaling;
  const variant = variantOf(endpoint);
  try {
    await autoscaling().send(
      new RegisterScalableTargetCommand({ ...variant, MinCapacity: min, MaxCapacity: max }),
    );
    await autoscaling().send(
      new PutScalingPolicyCommand({
        ...variant,
        PolicyName: "invocations-per-instance",
        PolicyType: "TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: perInstance,
          PredefinedMetricSpecification: {
            PredefinedMetricType: "SageMakerVariantInvocationsPerInstance",
          },
          ScaleOutCooldown: scaleOutSeconds,
          ScaleInCooldown: scaleInSeconds,
        },
      }),
    );
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    return `It serves, but will not scale between ${min} and ${max} instances: ${name} ${message}`;
  }
}

/** Before its endpoint is deleted. */
export async function unscale(endpoint: string): Promise<void> {
  await autoscaling()
    .send(new DeregisterScalableTargetCommand(variantOf(endpoint)))
    .catch((error: unknown) => {
      if ((error as Error).name !== "ObjectNotFoundException")
        log().warn("Autoscaling was not deregistered", { endpoint, error: String(error) });
    });
}
