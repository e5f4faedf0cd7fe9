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

type Index = "gsi1" | "gsi2" | "gsi3";

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
