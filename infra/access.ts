// The permissions functions share, each as narrow as AWS lets it be.
import { candidateName, endpointName, endpointPrefix, targets } from "@sluice/models/names.ts";
import { place } from "./stage.ts";
import { table } from "./table.ts";

const region = aws.getRegionOutput().region;
const account = aws.getCallerIdentityOutput().accountId;
const sagemaker = $interpolate`arn:aws:sagemaker:${region}:${account}`;

/** A model's endpoints, whichever way it is hosted, and those its next versions are tried on. */
export const endpointNames = (model: string) =>
  targets.flatMap((target) => [endpointName(place, model, target), candidateName(place, model, target)]);

/** SageMaker writes names in ARNs in lower case. */
export const endpointArns = (model: string) =>
  endpointNames(model).map((name) => $interpolate`${sagemaker}:endpoint/${name.toLowerCase()}`);

type Kind = "model" | "endpoint-config" | "endpoint" | "training-job" | "processing-job";

/**
 * All of a kind that this app and stage make; their names end in what nobody knows yet. Of endpoints, for who works on
 * every model's: spelled out, they would outgrow what IAM lets a role's policies hold.
 */
export const arnsOf = (...kinds: Kind[]) =>
  kinds.map((kind) => $interpolate`${sagemaker}:${kind}/${endpointPrefix(place).toLowerCase()}*`);

/** Every rule of this account, on whichever bus. */
export const anyRule = $interpolate`arn:aws:events:${region}:${account}:rule/*`;

/** SageMaker alone may be handed a role. */
export const handOver = (...roles: { arn: $util.Output<string> }[]) => ({
  actions: ["iam:PassRole"],
  resources: roles.map(({ arn }) => arn),
  conditions: [
    { test: "StringEquals" as const, variable: "iam:PassedToService", values: ["sagemaker.amazonaws.com"] },
  ],
});

/** Those that target tracking makes for our endpoints, `TargetTracking-endpoint/...`, and ours for one without an instance. */
const alarms = $interpolate`arn:aws:cloudwatch:${region}:${account}:alarm:*-endpoint/${endpointPrefix(place)}*`;

/** Application Auto Scaling looks at endpoints and keeps alarms with the rights of who asks it; its own actions know no resources. */
export const scaling = {
  begin: [
    {
      actions: ["application-autoscaling:RegisterScalableTarget", "application-autoscaling:PutScalingPolicy"],
      resources: ["*"],
    },
    { actions: ["sagemaker:UpdateEndpointWeightsAndCapacities"], resources: arnsOf("endpoint") },
    { actions: ["cloudwatch:PutMetricAlarm"], resources: [alarms] },
    // The first scalable endpoint of an account makes the role that scales it.
    {
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [
        "arn:aws:iam::*:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
      ],
    },
  ],
  end: [
    {
      actions: ["application-autoscaling:DeregisterScalableTarget", "cloudwatch:DescribeAlarms"],
      resources: ["*"],
    },
    { actions: ["cloudwatch:DeleteAlarms"], resources: [alarms] },
  ],
};

type Index = "gsi1" | "gsi2" | "gsi3" | "gsi4";

/** On the table. Transactions need no action of their own: each of their items is checked as if it came alone. */
export const records = {
  get: { actions: ["dynamodb:GetItem"], resources: [table.arn] },
  put: { actions: ["dynamodb:PutItem"], resources: [table.arn] },
  update: { actions: ["dynamodb:UpdateItem"], resources: [table.arn] },
  query: { actions: ["dynamodb:Query"], resources: [table.arn] },
  queryIndex: (...indexes: Index[]) => ({
    actions: ["dynamodb:Query"],
    resources: indexes.map((index) => $interpolate`${table.arn}/index/${index}`),
  }),
};
