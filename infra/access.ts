// The permissions functions share, each as narrow as AWS lets it be.
import { endpointName, type Target } from "@sluice/models/names.ts";
import { place } from "./stage.ts";
import { table } from "./table.ts";

const region = aws.getRegionOutput().region;
const account = aws.getCallerIdentityOutput().accountId;
const sagemaker = $interpolate`arn:aws:sagemaker:${region}:${account}`;

const TARGETS: Target[] = ["serverless", "realtime", "async"];

/** A model's endpoints, whichever way it is hosted. */
export const endpointNames = (model: string) => TARGETS.map((target) => endpointName(place, model, target));

/** SageMaker writes names in ARNs in lower case. */
export const endpointArns = (model: string) =>
  endpointNames(model).map((name) => $interpolate`${sagemaker}:endpoint/${name.toLowerCase()}`);

export const trainingJobArns = [
  $interpolate`${sagemaker}:training-job/${`${place.app}-${place.stage}-`.toLowerCase()}*`,
];

export const readRecords = {
  actions: ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
  resources: [table.arn, $interpolate`${table.arn}/index/*`],
};

/** Transactions need no action of their own: each of their items is checked as if it came alone. */
export const writeRecords = {
  actions: ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"],
  resources: [table.arn],
};
