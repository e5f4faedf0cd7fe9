// A real-time endpoint's instances follow its load, between the bounds its declaration gives.
import {
  DeregisterScalableTargetCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { autoscaling } from "../aws/autoscaling.ts";
import { db } from "../db.ts";
import { log } from "../log.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { variantName } from "./hosting.ts";

/** Invocations a minute that one instance is to have: five a second leaves room for the minutes a new one takes. */
const perInstance = 300;
/** Deployments looked back on for the one that is live. */
const lookBack = 50;
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

/** Before its endpoint is deleted. */
export async function unscale(endpoint: string): Promise<void> {
  await autoscaling()
    .send(new DeregisterScalableTargetCommand(variantOf(endpoint)))
    .catch((error: unknown) => {
      if ((error as Error).name !== "ObjectNotFoundException")
        log().warn("Autoscaling was not deregistered", { endpoint, error: String(error) });
    });
}
