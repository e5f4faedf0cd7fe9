// Application Auto Scaling, for the instances of SageMaker's endpoints.
import { randomUUID } from "node:crypto";
import type {
  PutScalingPolicyRequest,
  RegisterScalableTargetRequest,
} from "@aws-sdk/client-application-auto-scaling";
import { AwsError } from "../../kernel/error.ts";
import { arnOf } from "../../kernel/names.ts";
import type { Kernel, Service } from "../../kernel/service.ts";
import { checkBounds, checkNamespace, checkPolicy, checkResource, invalid } from "./check.ts";
import { PAGE } from "./limits.ts";
import { openRecords, type Policy, type Target } from "./records.ts";
import { openScaler } from "./scale.ts";
import { DIMENSION, NAMESPACE, openVariants } from "./variant.ts";

interface Named {
  ServiceNamespace?: string;
  ResourceId?: string;
  ScalableDimension?: string;
}

interface PageInput extends Named {
  MaxResults?: number;
  NextToken?: string;
}

export function startAutoscaling(kernel: Kernel): Service {
  const { cloud, clock } = kernel;
  const records = openRecords(kernel.store);
  const scaler = openScaler(kernel, records);
  const requireTarget = (input: Named): Target => {
    checkResource(input);
    const target = records.target(input.ResourceId!);
    if (target) return target;
    throw new AwsError(
      "ObjectNotFoundException",
      `No scalable target found for service namespace: ${NAMESPACE}, resource ID: ${input.ResourceId}, scalable dimension: ${DIMENSION}`,
    );
  };
  const common = { ServiceNamespace: NAMESPACE, ScalableDimension: DIMENSION };

  return {
    operations: {
      async RegisterScalableTarget(input: RegisterScalableTargetRequest) {
        const variant = checkResource(input);
        const found = await openVariants(kernel).read(variant);
        if (!found)
          throw invalid(
            `There is no variant "${variant.name}" of an endpoint "${variant.endpoint}" to scale.`,
          );
        const before = records.target(input.ResourceId!);
        const bounds = {
          ...input,
          MinCapacity: input.MinCapacity ?? before?.min,
          MaxCapacity: input.MaxCapacity ?? before?.max,
        };
        checkBounds(bounds, found.async);
        const target: Target = {
          resource: input.ResourceId!,
          arn: before?.arn ?? arnOf(cloud, "application-autoscaling", `scalable-target/${randomUUID()}`),
          min: bounds.MinCapacity!,
          max: bounds.MaxCapacity!,
          roleArn: input.RoleARN ?? before?.roleArn,
          suspended: { ...before?.suspended, ...input.SuspendedState },
          created: before?.created ?? clock.now(),
        };
        records.putTarget(target);
        scaler.watch();
        return { ScalableTargetARN: target.arn };
      },

      DeregisterScalableTarget(input: Named) {
        records.removeTarget(requireTarget(input).resource);
        return {};
      },

      DescribeScalableTargets(input: PageInput & { ResourceIds?: string[] }) {
        checkNamespace(input);
        const found = records
          .targets()
          .filter(({ resource }) => !input.ResourceIds?.length || input.ResourceIds.includes(resource));
        return paged(input, "ScalableTargets", found, (target) => ({
          ...common,
          ResourceId: target.resource,
          MinCapacity: target.min,
          MaxCapacity: target.max,
          RoleARN: target.roleArn ?? serviceRole(cloud.account),
          CreationTime: new Date(target.created),
          SuspendedState: {
            DynamicScalingInSuspended: false,
            DynamicScalingOutSuspended: false,
            ScheduledScalingSuspended: false,
            ...target.suspended,
          },
          ScalableTargetARN: target.arn,
        }));
      },

      PutScalingPolicy(input: PutScalingPolicyRequest) {
        const { resource } = requireTarget(input);
        const how = checkPolicy(input);
        const name = input.PolicyName!;
        const before = records.policy(resource, name);
        const policy: Policy = {
          resource,
          name,
          arn:
            before?.arn ??
            arnOf(
              cloud,
              "autoscaling",
              `scalingPolicy:${randomUUID()}:resource/${NAMESPACE}/${resource}:policyName/${name}`,
            ),
          ...how,
          created: before?.created ?? clock.now(),
          scaled: before?.scaled,
        };
        records.putPolicy(policy);
        return { PolicyARN: policy.arn, Alarms: [] };
      },

      DescribeScalingPolicies(input: PageInput & { PolicyNames?: string[] }) {
        checkNamespace(input);
        const found = records
          .policies()
          .filter(
            ({ resource, name }) =>
              (!input.ResourceId || input.ResourceId === resource) &&
              (!input.PolicyNames?.length || input.PolicyNames.includes(name)),
          );
        return paged(input, "ScalingPolicies", found, (policy) => ({
          ...common,
          ResourceId: policy.resource,
          PolicyName: policy.name,
          PolicyARN: policy.arn,
          PolicyType: policy.steps ? "StepScaling" : "TargetTrackingScaling",
          TargetTrackingScalingPolicyConfiguration: policy.tracking,
          StepScalingPolicyConfiguration: policy.steps,
          Alarms: [],
          CreationTime: new Date(policy.created),
        }));
      },

      DeleteScalingPolicy(input: Named & { PolicyName?: string }) {
        const { resource } = requireTarget(input);
        if (!records.policy(resource, input.PolicyName ?? ""))
          throw new AwsError(
            "ObjectNotFoundException",
            `No scaling policy found for service namespace: ${NAMESPACE}, resource ID: ${resource}, policy name: ${input.PolicyName}`,
          );
        records.removePolicy(resource, input.PolicyName!);
        return {};
      },

      DescribeScalingActivities(input: PageInput) {
        checkNamespace(input);
        const found = records
          .activities()
          .filter(({ resource }) => !input.ResourceId || input.ResourceId === resource);
        return paged(input, "ScalingActivities", found, (activity) => ({
          ...common,
          ActivityId: activity.id,
          ResourceId: activity.resource,
          Description: activity.description,
          Cause: activity.cause,
          StartTime: new Date(activity.at),
          EndTime: new Date(activity.at),
          StatusCode: "Successful",
          StatusMessage: `${activity.description} Done.`,
        }));
      },
    },
    access: (operation, { ServiceNamespace, ScalableDimension }: Named) => [
      {
        action: `application-autoscaling:${operation}`,
        resource: operation.startsWith("Describe")
          ? "*"
          : arnOf(cloud, "application-autoscaling", "scalable-target/*"),
        context: {
          "application-autoscaling:service-namespace": ServiceNamespace ?? "",
          "application-autoscaling:scalable-dimension": ScalableDimension ?? "",
        },
      },
    ],
    accept(arn, { payload }) {
      const policy = records.policies().find((one) => one.arn === arn);
      if (!policy?.steps) throw new AwsError("ObjectNotFoundException", `There is no step policy ${arn}.`);
      const { NewStateValue } = JSON.parse(payload) as { NewStateValue: string };
      if (NewStateValue === "ALARM") kernel.store.afterCommit(() => scaler.applyPolicy(policy));
    },
    resume: scaler.watch,
    stop: scaler.stop,
  };
}

const serviceRole = (account: string) =>
  `arn:aws:iam::${account}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`;

function paged<T>(input: PageInput, member: string, all: T[], show: (item: T) => object) {
  const size = input.MaxResults ?? PAGE;
  if (!(size >= 1 && size <= PAGE)) throw invalid(`MaxResults must be between 1 and ${PAGE}.`);
  const start = Number(input.NextToken ?? 0);
  if (!Number.isSafeInteger(start) || start < 0)
    throw new AwsError("InvalidNextTokenException", "The NextToken is not one this operation returned.");
  return {
    [member]: all.slice(start, start + size).map(show),
    NextToken: start + size < all.length ? String(start + size) : undefined,
  };
}
