// The permissions that functions share, each as narrow as AWS allows.
import { candidateName, endpointName, endpointPrefix, targets } from "@sluice/models/names.ts";
import { account, arnOf, partition, region } from "./account.ts";
import { appStage } from "./stage.ts";
import { table } from "./table.ts";

const sagemaker = $interpolate`arn:${partition}:sagemaker:${region}:${account}`;

/** A model's endpoints of every target, and those of its candidates. */
export const endpointNames = (model: string) =>
  targets.flatMap((target) => [
    endpointName(appStage, model, target),
    candidateName(appStage, model, target),
  ]);

/** SageMaker writes names in ARNs in lower case. */
export const endpointArns = (model: string) =>
  endpointNames(model).map((name) => $interpolate`${sagemaker}:endpoint/${name.toLowerCase()}`);

type Kind = "model" | "endpoint-config" | "endpoint" | "training-job" | "processing-job";

/**
 * All resources of a kind of this app and stage. Most names end in a digest. A function for all models uses this for
 * endpoints too: their full names would exceed IAM's policy size.
 */
export const arnsOf = (...kinds: Kind[]) =>
  kinds.map((kind) => $interpolate`${sagemaker}:${kind}/${endpointPrefix(appStage).toLowerCase()}*`);

/** Names of this app and stage, in an event pattern. */
export const ownNames = [{ prefix: endpointPrefix(appStage) }];

/** Only SageMaker may receive a role. */
export const passRole = (...roles: { arn: $util.Output<string> }[]) => ({
  actions: ["iam:PassRole"],
  resources: roles.map(({ arn }) => arn),
  conditions: [
    { test: "StringEquals" as const, variable: "iam:PassedToService", values: ["sagemaker.amazonaws.com"] },
  ],
});

/** The alarms of target tracking, `TargetTracking-endpoint/...`, and our own for an endpoint without instances. */
const alarms = arnOf("cloudwatch", `alarm:*-endpoint/${endpointPrefix(appStage)}*`);

/** AWS chooses the ids of scalable targets, so conditions limit them to instances of endpoints. */
const scalableTargets = {
  resources: [arnOf("application-autoscaling", "scalable-target/*")],
  conditions: [
    {
      test: "StringEquals" as const,
      variable: "application-autoscaling:service-namespace",
      values: ["sagemaker"],
    },
    {
      test: "StringEquals" as const,
      variable: "application-autoscaling:scalable-dimension",
      values: ["sagemaker:variant:DesiredInstanceCount"],
    },
  ],
};

/** Application Auto Scaling reads endpoints and writes alarms with its caller's permissions. */
export const scaling = {
  start: [
    {
      actions: ["application-autoscaling:RegisterScalableTarget", "application-autoscaling:PutScalingPolicy"],
      ...scalableTargets,
    },
    { actions: ["sagemaker:UpdateEndpointWeightsAndCapacities"], resources: arnsOf("endpoint") },
    { actions: ["cloudwatch:PutMetricAlarm"], resources: [alarms] },
    // The first scalable endpoint of an account creates this role.
    {
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [
        $interpolate`arn:${partition}:iam::${account}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
      ],
    },
  ],
  end: [
    { actions: ["application-autoscaling:DeregisterScalableTarget"], ...scalableTargets },
    { actions: ["cloudwatch:DescribeAlarms"], resources: [arnOf("cloudwatch", "alarm:*")] },
    { actions: ["cloudwatch:DeleteAlarms"], resources: [alarms] },
  ],
};

type Index = "gsi1" | "gsi2" | "gsi3" | "gsi4";

const onTable = (action: string) => ({ actions: [`dynamodb:${action}`], resources: [table.arn] });
const get = onTable("GetItem");
const put = onTable("PutItem");
const update = onTable("UpdateItem");

/** Transactions need no action of their own: each item is checked separately. */
export const records = {
  get,
  put,
  update,
  write: [get, put, update],
  delete: onTable("DeleteItem"),
  batchGet: onTable("BatchGetItem"),
  batchWrite: onTable("BatchWriteItem"),
  query: onTable("Query"),
  queryIndex: (...indexes: Index[]) => ({
    actions: ["dynamodb:Query"],
    resources: indexes.map((index) => $interpolate`${table.arn}/index/${index}`),
  }),
};

type Permission = { actions: string[]; resources: $util.Input<string>[]; conditions?: object[] };

/** One statement for equal actions, each resource once: IAM limits the size of a policy. */
export function mergePermissions<P extends Permission>(permissions: P[]): P[] {
  const byActions = new Map<string, P[]>();
  for (const permission of permissions) {
    const key = JSON.stringify([permission.actions, permission.conditions]);
    byActions.set(key, [...(byActions.get(key) ?? []), permission]);
  }
  return [...byActions.values()].map((group) => ({
    ...group[0]!,
    resources: $util
      .all(group.flatMap(({ resources }) => resources))
      .apply((resources) => [...new Set(resources)]),
  })) as unknown as P[];
}
