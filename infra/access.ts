// The permissions that functions share, each as narrow as AWS allows.
import * as names from "@sluice/models/names.ts";
import { models } from "@sluice/models/index.ts";
import { account, arnOf, partition, region } from "./account.ts";
import { appStage } from "./stage.ts";
import { table } from "./table.ts";

const sagemaker = $interpolate`arn:${partition}:sagemaker:${region}:${account}`;

/** A model's endpoints of every target, and those of its candidates. */
export const endpointNames = (model: string) => names.endpointNames(appStage, model);

/** SageMaker writes names in ARNs in lower case. */
export const endpointArns = (model: string) =>
  endpointNames(model).map((name) => $interpolate`${sagemaker}:endpoint/${name.toLowerCase()}`);

type Kind = "model" | "endpoint-config" | "endpoint" | "training-job" | "processing-job";

const prefix = names.endpointPrefix(appStage);

/**
 * Resources whose names start with this app and stage: most names end in a digest, and the full names of all endpoints
 * would exceed IAM's policy size. The prefix of "prod" also matches "prod-eu": the conditions below tell them apart.
 */
export const arnsOf = (...kinds: Kind[]) =>
  kinds.map((kind) => $interpolate`${sagemaker}:${kind}/${prefix.toLowerCase()}*`);

/** The tags of core/aws/tags.ts have these values. */
const tagConditions = (test: "StringEquals" | "StringEqualsIfExists", source: "ResourceTag" | "RequestTag") =>
  (["app", "stage"] as const).map((key) => ({
    test,
    variable: `aws:${source}/sluice:${key}`,
    values: [appStage[key]],
  }));

/** IfExists: a missing resource has no tags, and a call must then report "not found" instead of a denial. */
const ownTags = tagConditions("StringEqualsIfExists", "ResourceTag");

/** Actions on existing resources of this app and stage. */
export const onOwn = (actions: string[], ...kinds: Kind[]) => ({
  actions,
  resources: arnsOf(...kinds),
  conditions: ownTags,
});

/** Creation, with the tags of this app and stage only. A resource of another stage cannot be tagged as own. */
export const creating = (actions: string[], ...kinds: Kind[]) => ({
  actions: [...actions, "sagemaker:AddTags"],
  resources: arnsOf(...kinds),
  conditions: [...tagConditions("StringEquals", "RequestTag"), ...ownTags],
});

/** Jobs of this app and stage, in an event pattern. It also matches stage "prod-eu" for "prod": handlers check again. */
export const ownJobs = [{ prefix }];

/** Only SageMaker may receive a role. */
export const passRole = (...roles: { arn: $util.Output<string> }[]) => ({
  actions: ["iam:PassRole"],
  resources: roles.map(({ arn }) => arn),
  conditions: [
    { test: "StringEquals" as const, variable: "iam:PassedToService", values: ["sagemaker.amazonaws.com"] },
  ],
});

/**
 * The alarms of target tracking, `TargetTracking-endpoint/...`, and our own for an endpoint without instances. They have
 * no tags; the rule for names of stages keeps a model's prefix unique.
 */
const alarms = models.map(({ name }) =>
  arnOf("cloudwatch", `alarm:*-endpoint/${names.modelPrefix(appStage, name)}*`),
);

export const onAlarms = (...actions: string[]) => ({ actions, resources: alarms });

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
    onOwn(["sagemaker:UpdateEndpointWeightsAndCapacities"], "endpoint"),
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
  ],
};

type Index = "gsi1" | "gsi2" | "gsi3" | "gsi4";

const ofTable = [table.arn];
const onTable = (...actions: string[]) => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  resources: ofTable,
});
const get = onTable("GetItem");
const put = onTable("PutItem");
const update = onTable("UpdateItem");

/** Transactions need no action of their own: each item is checked separately. */
export const records = {
  get,
  put,
  update,
  write: [onTable("GetItem", "PutItem", "UpdateItem")],
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

/**
 * One statement for equal actions, one for the table, and one for SageMaker's own resources, where an action applies to
 * its own kinds only: IAM limits the size of a policy.
 */
export function mergePermissions<P extends Permission>(permissions: P[]): P[] {
  const keyOf = ({ actions, resources, conditions }: P) => {
    if (conditions === ownTags) return ownTags;
    return resources === ofTable ? ofTable : JSON.stringify([actions, conditions]);
  };
  return [...Map.groupBy(permissions, keyOf).values()].map((group) => ({
    ...group[0]!,
    actions: [...new Set(group.flatMap(({ actions }) => actions))],
    resources: $util
      .all(group.flatMap(({ resources }) => resources))
      .apply((resources) => [...new Set(resources)]),
  })) as unknown as P[];
}
